using BackupScheduler.Archives;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.ObjectStores;
using Faktory.Client;

namespace ControlPlane.Tests.Backups;

public sealed class CreateBackupTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_backup_is_complete_verified_and_leaves_nothing_on_the_instance()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Test.AddPolicyAsync(scheduler.Instance, everyMinutes: 60);
        await scheduler.Server.PushAsync("job-00000001", "job-00000002");

        var backup = await scheduler.BackUpAsync();

        backup.Jobs.ShouldBe(2);
        backup.SizeBytes.ShouldBeGreaterThan(0);
        backup.VerifiedAt.ShouldNotBeNull();
        backup.CheckpointId.ShouldBeNull();
        (await scheduler.Admin.ListCheckpointsAsync(default)).ShouldBeEmpty();
        (await scheduler.Test.PolicyAsync(scheduler.Instance)).LastSucceededAt.ShouldBe(backup.FinishedAt);
        var manifest = await scheduler.Test.Job<BackupArchives>().Open(backup).GetManifestAsync(backup.ManifestSha256, default);
        manifest.Counts.ShouldBe(new JobCounts(2, 0, 0, 0, 0));
        scheduler.Test.ObjectsOf(backup).Length.ShouldBe(manifest.Files.Count + 1);
    }

    [Fact]
    public async Task A_backup_taken_under_write_load_restores_exactly_what_was_acknowledged()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        var acknowledged = 0;
        using var enough = new CancellationTokenSource();
        var pushing = Task.Run(async () =>
        {
            await using var producer = new FaktoryProducer(scheduler.Server.Client());
            while (!enough.IsCancellationRequested)
            {
                await producer.PushAsync(TestJobs.Job($"job-{acknowledged:00000000}"), CancellationToken.None);
                Interlocked.Increment(ref acknowledged);
            }
        });
        await Provisioning.Wait.UntilAsync("jobs flow", () => Volatile.Read(ref acknowledged) >= 200);
        var before = Volatile.Read(ref acknowledged);
        var backup = await scheduler.BackUpAsync();
        await enough.CancelAsync();
        await pushing;

        await using var copy = await scheduler.Test.StartServerAsync("copy");
        var target = await scheduler.Test.AddInstanceAsync("copy", copy.AdminAddress, copy.AdminToken);
        (await scheduler.RestoreAsync(backup, target)).State.ShouldBe(OperationState.Succeeded);

        // One producer pushed one after the other: what is there is a beginning of that, without a hole, a double or a stranger.
        var restored = await copy.DrainAsync(acknowledged);
        restored.ShouldBe(Enumerable.Range(0, restored.Count).Select(i => $"job-{i:00000000}"));
        restored.Count.ShouldBeInRange(before, acknowledged);
        restored.Count.ShouldBe((int)backup.Jobs);
    }

    [Fact]
    public async Task Jobs_of_every_kind_are_backed_up()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await using var worker = await FaktoryConnection.OpenAsync(scheduler.Server.Client(), new FaktoryIdentity("worker-123456"));
        await scheduler.Server.PushAsync("job-to-retry", "job-at-work1", "job-queued01");
        await worker.SendAsync(FaktoryCommands.Push(TestJobs.Job("job-later-01") with { At = TimeProvider.System.GetUtcNow().AddHours(1) }));
        await worker.SendAsync(FaktoryCommands.Push(TestJobs.Job("job-to-die-1") with { Queue = "deadly", Retry = -1 }));
        await worker.SendAsync(FaktoryCommands.Fetch(["default"]));
        await worker.SendAsync(FaktoryCommands.Fail("job-to-retry", "Error", "again", []));
        await worker.SendAsync(FaktoryCommands.Fetch(["deadly"]));
        await worker.SendAsync(FaktoryCommands.Fail("job-to-die-1", "Error", "dead", []));
        await worker.SendAsync(FaktoryCommands.Fetch(["default"]));

        var backup = await scheduler.BackUpAsync();

        var manifest = await scheduler.Test.Job<BackupArchives>().Open(backup).GetManifestAsync(backup.ManifestSha256, default);
        manifest.Counts.ShouldBe(new JobCounts(Queued: 1, Scheduled: 1, Retries: 1, Dead: 1, Working: 1));
        await using var copy = await scheduler.Test.StartServerAsync("copy");
        var target = await scheduler.Test.AddInstanceAsync("copy", copy.AdminAddress, copy.AdminToken);
        (await scheduler.RestoreAsync(backup, target)).State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task An_instance_that_does_not_answer_fails_the_backup_visibly_and_the_next_good_one_ends_the_alert()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Test.AddPolicyAsync(scheduler.Instance, everyMinutes: 24 * 60);
        var inADay = TimeProvider.System.GetUtcNow().AddDays(1);
        await scheduler.Test.SaveAsync(db => db.BackupPolicies.Single().NextRunAt = inADay);
        scheduler.Proxy.Fault = _ => ProxyFault.LoseRequest;

        var failed = await scheduler.FileBackupAsync(BackupTrigger.Policy);
        var operation = await scheduler.FinishAsync(failed.Id.ToString());

        operation.State.ShouldBe(OperationState.Failed);
        operation.Error.ShouldBe("The instance could not be read while it was being backed up. Check that it is running; another backup is tried soon.");
        operation.ErrorDetail!.ShouldContain("AdminPortException");
        var row = await scheduler.Test.ReadAsync(failed);
        row.State.ShouldBe(BackupState.Failed);
        row.Error.ShouldBe(operation.Error);
        var alert = (await scheduler.Test.AlertsAsync()).ShouldHaveSingleItem();
        alert.Kind.ShouldBe(Alerts.BackupFailed);
        alert.OrganizationId.ShouldBe(scheduler.Test.Organization);
        alert.Message.ShouldStartWith("The backup of jobs failed.");
        // A daily policy does not wait a day for the next try.
        (await scheduler.Test.PolicyAsync(scheduler.Instance)).NextRunAt!.Value.ShouldBeLessThan(TimeProvider.System.GetUtcNow().AddMinutes(16));

        scheduler.Proxy.Fault = _ => ProxyFault.None;
        await scheduler.BackUpAsync();
        (await scheduler.Test.AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lost_requests_and_answers_are_made_up_for()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres, new() { ["BackupScheduler:TriesMax"] = "40" });
        await scheduler.Server.PushAsync("job-00000001");
        var seen = new HashSet<string>();
        // Each call is cut once before and once after the server has heard it.
        scheduler.Proxy.Fault = request =>
        {
            lock (seen)
                return seen.Add("before " + request) ? ProxyFault.LoseRequest : seen.Add("after " + request) ? ProxyFault.LoseAnswer : ProxyFault.None;
        };
        var backup = await scheduler.BackUpAsync();
        backup.Jobs.ShouldBe(1);
        (await scheduler.RestoreAsync(backup)).State.ShouldBe(OperationState.Succeeded);
        (await scheduler.Server.DrainAsync(1)).ShouldBe(["job-00000001"]);
    }

    [Fact]
    public async Task A_checkpoint_that_goes_away_while_it_is_pulled_is_taken_anew()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Server.PushAsync("job-00000001");
        var admin = scheduler.Admin;
        var taken = 0;
        scheduler.Proxy.Forwarding.Add(async request =>
        {
            if (request == "POST /admin/backups")
                taken++;
            if (taken == 1 && request.Contains("/files/MANIFEST", StringComparison.Ordinal))
                await admin.DeleteCheckpointAsync(request.Split('/')[3], default);
        });
        var backup = await scheduler.BackUpAsync();
        taken.ShouldBe(2);
        backup.Jobs.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_down_fails_the_backup_visibly_and_leaves_nothing_once_it_is_back()
    {
        await using var s3 = await S3Double.StartAsync();
        await using var scheduler = await RunningScheduler.StartAsync(postgres, S3Settings(s3));
        s3.Fault = request => request.Method == "PUT" && request.Path.Value!.EndsWith("/CURRENT", StringComparison.Ordinal) ? S3Fault.Unavailable : null;

        var failed = await scheduler.FileBackupAsync();
        (await scheduler.FinishAsync(failed.Id.ToString())).Error.ShouldBe("The backup store did not take the data. We have been told; another backup is tried soon.");

        (await scheduler.Test.AlertsAsync()).ShouldHaveSingleItem().Kind.ShouldBe(Alerts.BackupFailed);
        s3.Objects.ShouldBeEmpty();
        (await scheduler.Admin.ListCheckpointsAsync(default)).ShouldBeEmpty();

        s3.Fault = _ => null;
        var backup = await scheduler.BackUpAsync();
        (await scheduler.Test.AlertsAsync()).ShouldBeEmpty();
        (await scheduler.RestoreAsync(backup)).State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task A_store_that_refuses_now_and_then_is_only_slower()
    {
        await using var s3 = await S3Double.StartAsync();
        await using var scheduler = await RunningScheduler.StartAsync(postgres, S3Settings(s3));
        await scheduler.Server.PushAsync("job-00000001");
        var requests = 0;
        s3.Fault = _ => Interlocked.Increment(ref requests) % 3 == 0 ? S3Fault.Unavailable : null;
        (await scheduler.BackUpAsync()).Jobs.ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_changes_what_it_is_given_is_found_out_before_the_backup_counts()
    {
        await using var s3 = await S3Double.StartAsync();
        await using var scheduler = await RunningScheduler.StartAsync(postgres, S3Settings(s3));
        s3.Fault = request => request.Method == "PUT" && request.Path.Value!.EndsWith(".sst", StringComparison.Ordinal) ? S3Fault.Corrupt : null;
        await scheduler.Server.PushAsync("job-00000001");

        var failed = await scheduler.FileBackupAsync();
        var operation = await scheduler.FinishAsync(failed.Id.ToString());

        operation.Error.ShouldBe("What was written to the backup store did not read back unchanged, so this backup was discarded. Another one is tried soon.");
        s3.Objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_suspended_instance_is_refused_without_an_alarm()
    {
        await using var scheduler = await RunningScheduler.StartAsync(postgres);
        await scheduler.Test.ChangeAsync(scheduler.Instance, i => i.Desired = DesiredState.Suspended);
        var backup = await scheduler.FileBackupAsync();
        (await scheduler.FinishAsync(backup.Id.ToString())).Error.ShouldBe("The instance is suspended; resume it to back it up.");
        (await scheduler.Test.AlertsAsync()).ShouldBeEmpty();
    }

    static Dictionary<string, string?> S3Settings(S3Double s3) => new()
    {
        ["BackupScheduler:Store"] = "s3",
        ["BackupScheduler:S3:Endpoint"] = s3.Options.Endpoint,
        ["BackupScheduler:S3:Bucket"] = s3.Options.Bucket,
        ["BackupScheduler:S3:AccessKey"] = s3.Options.AccessKey,
        ["BackupScheduler:S3:SecretKey"] = s3.Options.SecretKey,
        ["BackupScheduler:S3:RetriesMax"] = "0",
    };
}
