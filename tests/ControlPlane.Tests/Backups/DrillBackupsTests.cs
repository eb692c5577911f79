using BackupScheduler.Archives;
using BackupScheduler.Drills;
using BackupScheduler.Jobs;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ControlPlane.Tests.Backups;

public sealed class DrillBackupsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_server_started_from_the_newest_backup_proves_it_and_disappears()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001", "job-00000002");
        var backup = await scheduler.BackUpAsync();

        await scheduler.Test.Job<DrillBackups>().RunAsync(default);

        var proven = await scheduler.Test.ReadAsync(backup);
        proven.RestoredAt.ShouldNotBeNull();
        Directory.GetDirectories(DrillFolder(scheduler)).ShouldBeEmpty();
        (await scheduler.Test.AlertsAsync()).ShouldBeEmpty();

        await scheduler.Test.Job<DrillBackups>().RunAsync(default);
        (await scheduler.Test.ReadAsync(backup)).RestoredAt.ShouldBe(proven.RestoredAt);
    }

    [Fact]
    public async Task A_backup_that_holds_other_jobs_than_it_says_is_found_out()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001", "job-00000002");
        var backup = await scheduler.BackUpAsync();
        // Hashes and signatures are right: only opening it can tell.
        var archive = scheduler.Test.Job<BackupArchives>().Open(backup);
        var manifest = await archive.GetManifestAsync(backup.ManifestSha256, default);
        var sha256 = await archive.PutManifestAsync(manifest with { Counts = manifest.Counts with { Queued = 3 } }, default);
        await scheduler.Test.SaveAsync(db => db.Backups.Single(b => b.Id == backup.Id).ManifestSha256 = sha256);

        await scheduler.Test.Job<DrillBackups>().RunAsync(default);

        (await scheduler.Test.ReadAsync(backup)).State.ShouldBe(BackupState.Failed);
        var alert = (await scheduler.Test.AlertsAsync()).ShouldHaveSingleItem();
        alert.Kind.ShouldBe(Alerts.BackupFailed);
        alert.OrganizationId.ShouldBe(scheduler.Test.Organization);
    }

    [Fact]
    public async Task A_drill_that_cannot_run_is_the_operators_alert_and_no_verdict()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        var backup = await scheduler.BackUpAsync();
        var options = scheduler.Test.Services.GetRequiredService<IOptions<BackupScheduler.BackupSchedulerOptions>>().Value;
        options.ServerExecutable = "/bin/false";

        await scheduler.Test.Job<DrillBackups>().RunAsync(default);

        (await scheduler.Test.ReadAsync(backup)).State.ShouldBe(BackupState.Succeeded);
        (await scheduler.Test.AlertsAsync()).ShouldHaveSingleItem().OrganizationId.ShouldBeNull();

        options.ServerExecutable = ServerBinary.Executable;
        await scheduler.Test.Job<DrillBackups>().RunAsync(default);
        (await scheduler.Test.AlertsAsync()).ShouldBeEmpty();
        (await scheduler.Test.ReadAsync(backup)).RestoredAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_server_that_a_killed_scheduler_left_running_is_ended()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, start: false);
        var abandoned = Path.Combine(DrillFolder(scheduler), "bak_left");
        var server = await ThrowAwayServer.StartAsync(ServerBinary.Executable, abandoned, default);
        server.HasExited.ShouldBeFalse();

        await scheduler.Test.Job<RestoreDrill>().RemoveAbandonedAsync(default);

        server.HasExited.ShouldBeTrue();
        Directory.Exists(abandoned).ShouldBeFalse();
    }

    static string DrillFolder(RunningScheduler scheduler) => Path.Combine(scheduler.Test.Settings["BackupScheduler:DataFolder"]!, "drills");
}
