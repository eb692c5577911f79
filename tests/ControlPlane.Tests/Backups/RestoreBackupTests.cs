using BackupScheduler.Jobs;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using Faktory.Client;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Backups;

public sealed class RestoreBackupTests(PostgresFixture postgres)
{
    [Fact]
    public async Task In_place_the_data_of_the_backup_replaces_what_came_after_it()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001", "job-00000002");
        var backup = await scheduler.BackUpAsync();
        await scheduler.Server.PushAsync("job-00000003");

        var operation = await scheduler.RestoreAsync(backup);

        operation.State.ShouldBe(OperationState.Succeeded, operation.Error);
        (await scheduler.Server.DrainAsync(2)).ShouldBe(["job-00000001", "job-00000002"]);
        (await scheduler.Admin.ListRestoresAsync(default)).ShouldBeEmpty();
        await using var fleet = scheduler.Test.Fleet();
        (await fleet.Db.AuditEntries.SingleAsync()).Action.ShouldBe("instance.restored");
    }

    [Fact]
    public async Task In_place_the_old_data_stays_until_the_new_has_answered_and_comes_back_when_it_does_not()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:AnswerWithin"] = "00:00:00.5" });
        await scheduler.Server.PushAsync("job-00000001");
        var backup = await scheduler.BackUpAsync();
        await scheduler.Server.PushAsync("job-00000002");
        var isCommitted = false;
        scheduler.Proxy.Fault = request =>
        {
            isCommitted |= request.EndsWith("/commit", StringComparison.Ordinal);
            return isCommitted && request.EndsWith("/readyz", StringComparison.Ordinal) ? ProxyFault.Refuse : ProxyFault.None;
        };

        var operation = await scheduler.RestoreAsync(backup);

        operation.State.ShouldBe(OperationState.Failed);
        operation.Error!.ShouldContain("the data from before was put back");
        (await scheduler.Server.DrainAsync(2)).ShouldBe(["job-00000001", "job-00000002"]);
        (await scheduler.Admin.ListRestoresAsync(default)).ShouldBeEmpty();
        (await scheduler.Test.AlertsAsync()).ShouldHaveSingleItem().Kind.ShouldBe(Alerts.OperationFailed);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("CURRENT")]
    public async Task A_damaged_backup_is_refused_before_the_live_data_is_touched(string file)
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001");
        var backup = await scheduler.BackUpAsync();
        await scheduler.Server.PushAsync("job-00000002");
        var damaged = scheduler.Test.ObjectsOf(backup).Single(o => Path.GetFileName(o) == file);
        var bytes = await File.ReadAllBytesAsync(damaged);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes);
        await using var customer = await FaktoryConnection.OpenAsync(scheduler.Server.Client());
        var commits = 0;
        scheduler.Proxy.Fault = request =>
        {
            commits += request.EndsWith("/commit", StringComparison.Ordinal) ? 1 : 0;
            return ProxyFault.None;
        };

        var operation = await scheduler.RestoreAsync(backup);

        operation.Error.ShouldBe("This backup is damaged and was refused. Nothing was replaced; choose another backup.");
        commits.ShouldBe(0);
        // A restore closes every connection; this one is still open.
        await customer.SendAsync(FaktoryCommands.Push(TestJobs.Job("job-00000003")));
        (await scheduler.Server.DrainAsync(3)).ShouldBe(["job-00000001", "job-00000002", "job-00000003"]);
        (await scheduler.Admin.ListRestoresAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_instance_is_awaited_and_then_holds_the_backup()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001");
        var backup = await scheduler.BackUpAsync();
        await using var copy = await scheduler.Test.StartServerAsync("copy");
        var target = await scheduler.Test.AddInstanceAsync("copy", copy.AdminAddress, copy.AdminToken);
        await scheduler.Test.ChangeAsync(target, i => i.AdminAddress = null);
        var restoring = scheduler.RestoreAsync(backup, target);
        await Provisioning.Wait.UntilAsync("the restore waits for the instance", async () =>
        {
            await using var fleet = scheduler.Test.Fleet();
            return await fleet.Db.Operations.AnyAsync(o => o.Subject == target.Id.ToString() && o.Step == "await_target" && o.StartedAt != null);
        });

        await scheduler.Test.ChangeAsync(target, i => i.AdminAddress = copy.AdminAddress);

        (await restoring).State.ShouldBe(OperationState.Succeeded);
        (await copy.DrainAsync(1)).ShouldBe(["job-00000001"]);
        (await scheduler.Server.DrainAsync(1)).ShouldBe(["job-00000001"]);
    }

    [Fact]
    public async Task A_target_that_was_deleted_meanwhile_ends_the_restore()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        var backup = await scheduler.BackUpAsync();
        await scheduler.Test.ChangeAsync(scheduler.Instance, i => i.Desired = DesiredState.Deleted);
        (await scheduler.RestoreAsync(backup)).Error.ShouldBe("The instance to restore into was deleted. Nothing was replaced.");
    }

    [Fact]
    public async Task A_backup_that_retention_has_begun_to_remove_is_refused()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        var backup = await scheduler.BackUpAsync();
        await scheduler.Test.SaveAsync(db => db.Backups.Single(b => b.Id == backup.Id).ManifestKey = null);
        (await scheduler.RestoreAsync(backup)).Error.ShouldBe("This backup does not exist any more. Nothing was replaced; choose another backup.");
    }

    [Fact]
    public async Task What_killed_schedulers_left_on_an_instance_is_removed_once_old()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, start: false);
        var named = await scheduler.Admin.CreateCheckpointAsync(default);
        var backup = await scheduler.Test.AddBackupAsync(scheduler.Instance, TimeSpan.FromDays(1));
        await scheduler.Test.SaveAsync(db => db.Backups.Single(b => b.Id == backup.Id).CheckpointId = named.Id);
        await scheduler.Admin.CreateCheckpointAsync(default);
        await scheduler.Admin.CreateRestoreAsync(default);

        await scheduler.Test.Job<RemoveLeftovers>().RunAsync(default);
        // The one that a row names goes at once; the others may be somebody's who has just begun.
        (await scheduler.Admin.ListCheckpointsAsync(default)).ShouldHaveSingleItem().Id.ShouldNotBe(named.Id);
        (await scheduler.Test.ReadAsync(backup)).CheckpointId.ShouldBeNull();
        (await scheduler.Admin.ListRestoresAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Old_leftovers_that_no_row_names_are_removed()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:LeftoverAfter"] = "00:00:00" }, start: false);
        await scheduler.Admin.CreateCheckpointAsync(default);
        await scheduler.Admin.CreateRestoreAsync(default);
        await scheduler.Test.Job<RemoveLeftovers>().RunAsync(default);
        (await scheduler.Admin.ListCheckpointsAsync(default)).ShouldBeEmpty();
        (await scheduler.Admin.ListRestoresAsync(default)).ShouldBeEmpty();
    }
}
