using BackupScheduler.Jobs;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Instances;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Backups;

public sealed class ApplyRetentionTests(PostgresFixture postgres)
{
    readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_newest_n_are_kept_and_the_objects_of_older_ones_are_removed()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (instance, backups) = await WithBackupsAsync(test, keep: 2, count: 5);
        await RunAsync(test);
        for (var i = 0; i < backups.Count; i++)
        {
            var row = await test.ReadAsync(backups[i]);
            row.RemovedAt.HasValue.ShouldBe(i >= 2);
            test.ObjectsOf(row).Length.ShouldBe(i >= 2 ? 0 : 3);
            (row.SealedKey is null).ShouldBe(i >= 2);
        }
    }

    [Fact]
    public async Task A_new_instances_only_backup_stays_however_old()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (_, backups) = await WithBackupsAsync(test, keep: 1, count: 1);
        clock.Advance(TimeSpan.FromDays(400));
        await RunAsync(test);
        (await test.ReadAsync(backups[0])).RemovedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Failed_ones_do_not_push_out_the_last_good_one()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (_, backups) = await WithBackupsAsync(test, keep: 1, count: 4);
        await test.SaveAsync(db =>
        {
            foreach (var newer in backups.Take(3))
                db.Backups.Single(b => b.Id == newer.Id).State = BackupState.Failed;
        });
        await RunAsync(test);
        (await test.ReadAsync(backups[3])).RemovedAt.ShouldBeNull();
        test.ObjectsOf(backups[3]).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Backups_by_policy_do_not_push_out_one_that_was_asked_for()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (instance, _) = await WithBackupsAsync(test, keep: 2, count: 5);
        var byHand = await test.AddBackupAsync(instance, TimeSpan.FromDays(3), BackupTrigger.Manual);
        await RunAsync(test);
        (await test.ReadAsync(byHand)).RemovedAt.ShouldBeNull();
    }

    [Fact]
    public async Task The_plan_limits_what_the_policy_keeps()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (instance, backups) = await WithBackupsAsync(test, keep: 100, count: 5);
        await test.ChangeAsync(instance, i => i.PlanKey = "free");
        await RunAsync(test);
        (await test.BackupsAsync(instance)).Count(b => b.RemovedAt is null).ShouldBe(3);
    }

    [Fact]
    public async Task One_that_is_being_restored_stays_until_that_is_done()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (instance, backups) = await WithBackupsAsync(test, keep: 1, count: 3);
        await test.SaveAsync(db => db.FileRestore(backups[2], instance, RestoreInto.InPlace, clock));
        await RunAsync(test);
        (await test.ReadAsync(backups[1])).RemovedAt.ShouldNotBeNull();
        (await test.ReadAsync(backups[2])).RemovedAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_removal_that_was_killed_half_way_goes_on()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (_, backups) = await WithBackupsAsync(test, keep: 3, count: 2);
        await test.SaveAsync(db => db.Backups.Single(b => b.Id == backups[1].Id).ManifestKey = null);
        File.Delete(test.ObjectsOf(backups[1]).Single(o => o.EndsWith("manifest.json", StringComparison.Ordinal)));
        await RunAsync(test);
        (await test.ReadAsync(backups[1])).RemovedAt.ShouldNotBeNull();
        test.ObjectsOf(backups[1]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deleted_instances_backups_stay_while_it_can_be_brought_back_and_go_when_it_is_purged()
    {
        await using var test = await BackupTest.StartAsync(postgres, clock);
        var (instance, backups) = await WithBackupsAsync(test, keep: 3, count: 2);
        await test.ChangeAsync(instance, i =>
        {
            i.Desired = DesiredState.Deleted;
            i.MarkDeleting();
            i.MarkDeleted();
            i.PurgeAt = clock.GetUtcNow() + Instance.UndeleteFor;
        });
        await RunAsync(test);
        (await test.BackupsAsync(instance)).ShouldAllBe(b => b.RemovedAt == null);

        await test.ChangeAsync(instance, i => i.PurgeAt = null);
        await RunAsync(test);
        (await test.BackupsAsync(instance)).ShouldAllBe(b => b.RemovedAt != null);
        backups.SelectMany(test.ObjectsOf).ShouldBeEmpty();
    }

    static Task RunAsync(BackupTest test) => test.Job<ApplyRetention>().RunAsync(default);

    /// <summary>Backups an hour apart, newest first.</summary>
    static async Task<(Instance Instance, List<Backup> Backups)> WithBackupsAsync(BackupTest test, int keep, int count)
    {
        var instance = await test.AddInstanceAsync();
        await test.AddPolicyAsync(instance, everyMinutes: 60, keep: keep);
        var backups = new List<Backup>();
        for (var i = 0; i < count; i++)
            backups.Add(await test.AddBackupAsync(instance, TimeSpan.FromHours(i)));
        return (instance, backups);
    }
}
