using BackupScheduler.Jobs;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Backups;

public sealed class VerifyBackupsTests(PostgresFixture postgres)
{
    readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_whole_backup_is_verified_once_a_day()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var backup = await test.AddBackupAsync(await test.AddInstanceAsync(), TimeSpan.FromHours(25));
        await RunAsync(test);
        (await test.ReadAsync(backup)).VerifiedAt.ShouldBe(clock.GetUtcNow());
        var first = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromHours(23));
        await RunAsync(test);
        (await test.ReadAsync(backup)).VerifiedAt.ShouldBe(first);
    }

    [Theory]
    [InlineData("manifest.json", Damage.FlipBit)]
    [InlineData("manifest.json", Damage.CutOff)]
    [InlineData("manifest.json", Damage.Remove)]
    [InlineData("000012.sst", Damage.FlipBit)]
    [InlineData("000012.sst", Damage.CutOff)]
    [InlineData("000012.sst", Damage.Remove)]
    [InlineData("CURRENT", Damage.ExchangeWithNeighbour)]
    public async Task Damage_of_any_kind_is_found_and_the_customer_is_told(string file, Damage damage)
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var instance = await test.AddInstanceAsync();
        var backup = await test.AddBackupAsync(instance, TimeSpan.FromHours(25));
        Do(damage, test.ObjectsOf(backup).Single(o => Path.GetFileName(o) == file));

        await RunAsync(test);

        var row = await test.ReadAsync(backup);
        row.State.ShouldBe(BackupState.Failed);
        row.Error.ShouldNotBeNull();
        var alert = (await test.AlertsAsync()).ShouldHaveSingleItem();
        alert.Kind.ShouldBe(Alerts.BackupFailed);
        alert.OrganizationId.ShouldBe(test.Organization);
        alert.Subject.ShouldBe(instance.Id.ToString());
    }

    [Fact]
    public async Task Objects_of_another_organizations_backup_are_not_taken_for_ones_own()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var mine = await test.AddBackupAsync(await test.AddInstanceAsync("mine"), TimeSpan.FromHours(25));
        var other = await test.AddBackupAsync(await test.AddInstanceAsync("other"), TimeSpan.FromHours(1));
        foreach (var (target, source) in test.ObjectsOf(mine).Order().Zip(test.ObjectsOf(other).Order()))
            File.Copy(source, target, overwrite: true);
        await RunAsync(test);
        (await test.ReadAsync(mine)).State.ShouldBe(BackupState.Failed);
        (await test.ReadAsync(other)).State.ShouldBe(BackupState.Succeeded);
    }

    [Fact]
    public async Task A_key_that_does_not_open_is_damage_with_a_clear_cause()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var backup = await test.AddBackupAsync(await test.AddInstanceAsync("mine"), TimeSpan.FromHours(25));
        var other = await test.AddBackupAsync(await test.AddInstanceAsync("other"), TimeSpan.FromHours(1));
        await test.SaveAsync(db => db.Backups.Single(b => b.Id == backup.Id).SealedKey = other.SealedKey);
        await RunAsync(test);
        (await test.ReadAsync(backup)).State.ShouldBe(BackupState.Failed);
    }

    [Fact]
    public async Task A_backup_that_is_just_being_removed_is_nobodys_damage()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var backup = await test.AddBackupAsync(await test.AddInstanceAsync(), TimeSpan.FromHours(25));
        await test.SaveAsync(db => db.Backups.Single(b => b.Id == backup.Id).ManifestKey = null);
        Do(Damage.Remove, test.ObjectsOf(backup)[0]);
        await RunAsync(test);
        (await test.ReadAsync(backup)).State.ShouldBe(BackupState.Succeeded);
        (await test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_the_operators_alert_and_no_verdict()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var backup = await test.AddBackupAsync(await test.AddInstanceAsync(), TimeSpan.FromHours(25));
        var manifest = test.ObjectsOf(backup).Single(o => o.EndsWith("manifest.json", StringComparison.Ordinal));
        File.Move(manifest, manifest + ".aside");
        // Opening a folder as a file is what a failing disk looks like to the store: refused, not missing.
        Directory.CreateDirectory(manifest);
        await RunAsync(test);
        (await test.ReadAsync(backup)).State.ShouldBe(BackupState.Succeeded);
        var alert = (await test.AlertsAsync()).ShouldHaveSingleItem();
        alert.OrganizationId.ShouldBeNull();
        alert.Message.ShouldContain("The verification of 1 backups could not be made");

        Directory.Delete(manifest);
        File.Move(manifest + ".aside", manifest);
        await RunAsync(test);
        (await test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_database_does_not_know_is_told_to_the_operator_and_left_alone()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var known = await test.AddBackupAsync(await test.AddInstanceAsync(), TimeSpan.Zero);
        var stranger = Path.Combine(test.StoreFolder, "org_x/ins_y/bak_z/manifest.json");
        Directory.CreateDirectory(Path.GetDirectoryName(stranger)!);
        await File.WriteAllTextAsync(stranger, "{}");
        await test.Job<TakeInventory>().RunAsync(default);
        var alert = (await test.AlertsAsync()).ShouldHaveSingleItem();
        alert.Kind.ShouldBe(Alerts.Orphan);
        alert.OrganizationId.ShouldBeNull();
        alert.Message.ShouldContain("org_x/ins_y/bak_z/");
        File.Exists(stranger).ShouldBeTrue();

        File.Delete(stranger);
        await test.Job<TakeInventory>().RunAsync(default);
        (await test.AlertsAsync()).ShouldBeEmpty();
        test.ObjectsOf(known).Length.ShouldBe(3);
    }

    static Task RunAsync(BackupTest test) => test.Job<VerifyBackups>().RunAsync(default);

    static void Do(Damage damage, string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (damage == Damage.FlipBit)
            bytes[bytes.Length / 2] ^= 4;
        if (damage == Damage.CutOff)
            bytes = bytes[..(bytes.Length / 2)];
        if (damage == Damage.ExchangeWithNeighbour)
            bytes = File.ReadAllBytes(Directory.GetFiles(Path.GetDirectoryName(path)!).Single(o => o != path));
        if (damage == Damage.Remove)
            File.Delete(path);
        else
            File.WriteAllBytes(path, bytes);
    }

    public enum Damage { FlipBit, CutOff, Remove, ExchangeWithNeighbour }
}
