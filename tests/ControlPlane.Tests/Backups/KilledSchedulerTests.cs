using System.Diagnostics;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Backups;

/// <summary>The BackupScheduler's own program, killed at a moment that the test chooses, and started again.</summary>
public sealed class KilledSchedulerTests(PostgresFixture postgres)
{
    // Built beside these tests, in the same configuration.
    static readonly DirectoryInfo tests = new(AppContext.BaseDirectory);
    static readonly string program = Path.Combine(tests.Parent!.Parent!.FullName, "BackupScheduler", tests.Name, "BackupScheduler");

    [Theory]
    [InlineData("POST /admin/backups", After.NothingWasHeard)]
    [InlineData("POST /admin/backups", After.ItWasDone)]
    [InlineData("/files/CURRENT", After.NothingWasHeard)]
    [InlineData("DELETE /admin/backups", After.ItWasDone)]
    public async Task A_backup_goes_on_after_a_kill(string request, After after)
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:LeftoverAfter"] = "00:00:00" }, start: false);
        await scheduler.Server.PushAsync("job-00000001");
        var filed = await scheduler.FileBackupAsync();

        await KillAtAsync(scheduler, request, after);
        await scheduler.StartSchedulerAsync();
        await scheduler.FinishAsync(filed.Id.ToString());

        var backup = await scheduler.Test.ReadAsync(filed);
        backup.State.ShouldBe(BackupState.Succeeded, backup.Error);
        backup.Jobs.ShouldBe(1);
        await scheduler.Test.Job<BackupScheduler.Jobs.RemoveLeftovers>().RunAsync(default);
        (await scheduler.Admin.ListCheckpointsAsync(default)).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(scheduler.Test.StoreFolder, ".incoming")).ShouldBeEmpty();
        (await scheduler.RestoreAsync(backup)).State.ShouldBe(OperationState.Succeeded);
    }

    [Theory]
    [InlineData("POST /admin/restores", After.ItWasDone)]
    [InlineData("/files/CURRENT", After.NothingWasHeard)]
    [InlineData("/commit", After.NothingWasHeard)]
    [InlineData("/commit", After.ItWasDone)]
    [InlineData("DELETE /admin/restores", After.ItWasDone)]
    public async Task A_restore_goes_on_after_a_kill(string request, After after)
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:LeftoverAfter"] = "00:00:00" });
        await scheduler.Server.PushAsync("job-00000001");
        var backup = await scheduler.BackUpAsync();
        await scheduler.StopSchedulerAsync();
        await scheduler.Server.PushAsync("job-00000002");
        await scheduler.Test.SaveAsync(db => db.FileRestore(backup, scheduler.Instance, RestoreInto.InPlace, TimeProvider.System));

        await KillAtAsync(scheduler, request, after);
        await scheduler.StartSchedulerAsync();
        var operation = await scheduler.FinishAsync(scheduler.Instance.Id.ToString());

        operation.State.ShouldBe(OperationState.Succeeded, operation.Error);
        (await scheduler.Server.DrainAsync(1)).ShouldBe(["job-00000001"]);
        await scheduler.Test.Job<BackupScheduler.Jobs.RemoveLeftovers>().RunAsync(default);
        (await scheduler.Admin.ListRestoresAsync(default)).ShouldBeEmpty();
    }

    /// <summary>Runs the program until it sends the request, and kills it before or after the server has heard that.</summary>
    static async Task KillAtAsync(RunningScheduler scheduler, string request, After after)
    {
        var start = new ProcessStartInfo(program, [.. scheduler.SchedulerArguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        async Task Kill(string seen)
        {
            if (!seen.Contains(request, StringComparison.Ordinal) || process.HasExited)
                return;
            process.Kill();
            await process.WaitForExitAsync();
        }
        (after == After.ItWasDone ? scheduler.Proxy.Answering : scheduler.Proxy.Forwarding).Add(Kill);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(137);
        scheduler.Proxy.Answering.Clear();
        scheduler.Proxy.Forwarding.Clear();
    }

    public enum After { NothingWasHeard, ItWasDone }
}
