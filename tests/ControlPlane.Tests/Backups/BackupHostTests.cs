using System.Net;
using BackupScheduler.Jobs;
using ControlPlane.Core.Backups;
using ControlPlane.Tests.Hosting;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Backups;

public sealed class BackupHostTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_clock_of_hangfire_files_due_backups_and_its_dashboard_is_not_there()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:RunSchedules"] = "true" });
        await scheduler.Test.AddPolicyAsync(scheduler.Instance, everyMinutes: 60);
        await scheduler.Test.SaveAsync(db => db.BackupPolicies.Single().NextRunAt = TimeProvider.System.GetUtcNow());

        using (var storage = scheduler.Services.GetRequiredService<JobStorage>().GetConnection())
            storage.GetRecurringJobs().Select(j => j.Id).Order().ShouldBe(
                ["backup-drills", "backup-inventory", "backup-leftovers", "backup-policies", "backup-retention", "backup-verification", "billing", "ledger", "ledger-check", "provider-events", "reconciliation"]);
        scheduler.Services.GetRequiredService<IRecurringJobManager>().Trigger("backup-policies");
        await Provisioning.Wait.UntilAsync("a backup was taken by policy", async () =>
            (await scheduler.Test.BackupsAsync(scheduler.Instance)).Any(b => b is { Trigger: BackupTrigger.Policy, State: BackupState.Succeeded }));

        using var http = new HttpClient { BaseAddress = scheduler.Address };
        foreach (var path in new[] { "/hangfire", "/hangfire/recurring", "/jobs" })
            (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/healthz")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_job_that_runs_elsewhere_is_skipped_and_runs_again_when_that_one_is_done()
    {
        await using var test = await BackupTest.StartAsync(postgres, TimeProvider.System);
        var gate = test.Job<JobGate>();
        var (runs, entered, first) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var running = gate.RunAsync("drills", () =>
        {
            entered.SetResult();
            return first.Task;
        }, default);
        await Task.WhenAny(entered.Task, running);
        await gate.RunAsync("drills", () => Task.FromResult(runs++), default);
        await gate.RunAsync("retention", () => Task.FromResult(runs++), default);
        runs.ShouldBe(1);

        first.SetResult();
        await running;
        await gate.RunAsync("drills", () => Task.FromResult(runs++), default);
        runs.ShouldBe(2);
    }
}
