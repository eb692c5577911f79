using ControlPlane.Core.Alerts;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Provisioning;

/// <summary>What a customer's wishes lead to, with a real Provisioner, database, engine and server.</summary>
public abstract class HandlersContract(PostgresFixture postgres) : IAsyncLifetime
{
    private protected FleetUnderTest Fleet { get; private set; } = null!;

    [Fact]
    public async Task Created_instance_takes_jobs_with_its_password_only()
    {
        var id = await Fleet.CreateRunningAsync();

        (await Fleet.PushAsync(id)).ShouldBe(1);
        (await Fleet.OpensAsync(id, "another-password")).ShouldBeFalse();
        var instance = await Fleet.InstanceAsync(id);
        (instance.State, instance.Health, instance.Engine, instance.ObservedGeneration).ShouldBe((InstanceState.Running, InstanceHealth.Healthy, Fleet.Engine.Name, 1));
        instance.Version.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Delete_during_provisioning_wins()
    {
        await Fleet.StopProvisionerAsync();
        var (id, provision) = await Fleet.CreateAsync();
        var delete = await Fleet.DeleteAsync(id);
        await Fleet.StartProvisionerAsync();

        await Fleet.SucceedAsync(delete);
        (await Fleet.FinishAsync(provision)).State.ShouldBe(OperationState.Failed);
        (await Fleet.InstanceAsync(id)).State.ShouldBe(InstanceState.Deleted);
        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldBeEmpty();
        (await Fleet.ReadAsync(db => db.Alerts.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Deleted_instance_comes_back_with_its_jobs_at_its_address()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.PushAsync(id);
        var before = await Fleet.InstanceAsync(id);

        await Fleet.SucceedAsync(await Fleet.DeleteAsync(id));
        (await Fleet.InstanceAsync(id)).State.ShouldBe(InstanceState.Deleted);
        (await Fleet.Engine.Engine.ObserveAsync(id.ToString(), default)).ShouldBe(new(id.ToString()) { HasStorage = true });

        await Fleet.SucceedAsync(await Fleet.UndeleteAsync(id));
        (await Fleet.PushAsync(id)).ShouldBe(2);
        (await Fleet.InstanceAsync(id)).Port.ShouldBe(before.Port);
    }

    [Fact]
    public async Task Undelete_before_the_delete_was_carried_out_changes_nothing()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.StopProvisionerAsync();
        var (delete, undelete) = (await Fleet.DeleteAsync(id), await Fleet.UndeleteAsync(id));
        await Fleet.StartProvisionerAsync();

        await Fleet.SucceedAsync(delete);
        await Fleet.SucceedAsync(undelete);
        (await Fleet.PushAsync(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Purge_leaves_nothing_but_the_row()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.SucceedAsync(await Fleet.DeleteAsync(id, purgeAfter: TimeSpan.Zero));

        // The sweep finds it due by itself.
        await Wait.UntilAsync("it is purged", async () => (await Fleet.InstanceAsync(id)).PurgeAt is null);

        (await Fleet.Engine.Engine.ObserveAsync(id.ToString(), default)).ShouldBe(new(id.ToString()));
        (await Fleet.LeasesAsync(id)).ShouldBe(0);
        var instance = await Fleet.InstanceAsync(id);
        (instance.State, instance.SealedPassword, instance.SealedAdminToken, instance.Port).ShouldBe((InstanceState.Deleted, "", "", null));
        (await Fleet.Engine.LitterAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restart_keeps_the_jobs()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.PushAsync(id);
        var before = await Fleet.Engine.ServersAsync(id.ToString());

        await Fleet.SucceedAsync(await Fleet.AskAsync(id, OperationKinds.InstanceRestart));

        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldHaveSingleItem().ShouldNotBe(before.Single());
        (await Fleet.PushAsync(id)).ShouldBe(2);
    }

    [Fact]
    public async Task Both_passwords_work_until_the_old_one_expires()
    {
        var id = await Fleet.CreateRunningAsync();
        var server = await Fleet.Engine.ServersAsync(id.ToString());

        await Fleet.SucceedAsync(await RotateAsync(id, overlap: TimeSpan.FromMinutes(5)));
        (await Fleet.OpensAsync(id, "first-password")).ShouldBeTrue();
        (await Fleet.OpensAsync(id, "second-password")).ShouldBeTrue();

        // The same again with an overlap that is over: the server closes the old one by itself.
        await Fleet.SucceedAsync(await RotateAsync(id, overlap: TimeSpan.FromSeconds(1)));
        await Wait.UntilAsync("the old password has expired", async () => !await Fleet.OpensAsync(id, "first-password"));
        (await Fleet.OpensAsync(id, "second-password")).ShouldBeTrue();
        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldBe(server);
    }

    [Fact]
    public async Task Password_rotated_while_suspended_is_there_on_resume()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.SucceedAsync(await SuspendAsync(id));
        await Fleet.SucceedAsync(await RotateAsync(id, overlap: TimeSpan.Zero));
        await Fleet.SucceedAsync(await ResumeAsync(id));

        (await Fleet.OpensAsync(id, "second-password")).ShouldBeTrue();
        (await Fleet.OpensAsync(id, "first-password")).ShouldBeFalse();
    }

    [Fact]
    public async Task Suspended_instance_is_stopped_and_resumes_with_its_jobs()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.PushAsync(id);

        await Fleet.SucceedAsync(await SuspendAsync(id));
        (await Fleet.InstanceAsync(id)).State.ShouldBe(InstanceState.Suspended);
        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldBeEmpty();

        await Fleet.SucceedAsync(await ResumeAsync(id));
        (await Fleet.PushAsync(id)).ShouldBe(2);
    }

    [Fact]
    public async Task Changed_plan_is_in_force_in_the_server()
    {
        var id = await Fleet.CreateRunningAsync();
        (await Fleet.ConnectionsMaxAsync(id)).ShouldBe(50);

        await Fleet.SucceedAsync(await Fleet.AskAsync(id, OperationKinds.InstanceChangePlan, instance => instance.PlanKey = "pro"));

        (await Fleet.ConnectionsMaxAsync(id)).ShouldBe(500);
        (await Fleet.PushAsync(id)).ShouldBe(1);
    }

    [Fact]
    public async Task Rules_are_in_force_in_the_server_at_once_and_after_a_restart()
    {
        var id = await Fleet.CreateRunningAsync("business");
        var server = await Fleet.Engine.ServersAsync(id.ToString());

        await Fleet.SucceedAsync(await SetRulesAsync(id, """{"throttles":{"mail":{"concurrency":2}},"cron":[{"schedule":"30 2 * * *","job":{"type":"Report"}}],"weights":{"critical":5}}"""));
        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldBe(server);
        await Fleet.SucceedAsync(await Fleet.AskAsync(id, OperationKinds.InstanceRestart));

        (await Fleet.AskServerAsync(id, "/admin/cron")).GetProperty("cron")[0].GetProperty("type").GetString().ShouldBe("Report");
        (await Fleet.AskServerAsync(id, "/admin/throttles")).GetProperty("throttles")[0].GetProperty("concurrency").GetInt32().ShouldBe(2);
        (await Fleet.AskServerAsync(id, "/admin/config")).GetProperty("weights").GetProperty("critical").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Rules_that_the_server_refuses_change_nothing_and_say_why()
    {
        var id = await Fleet.CreateRunningAsync("business");
        await Fleet.SucceedAsync(await SetRulesAsync(id, """{"weights":{"critical":5}}"""));

        var refused = await Fleet.FinishAsync(await SetRulesAsync(id, """{"cron":[{"schedule":"61 2 * * *","job":{"type":"Report"}}]}"""));

        refused.State.ShouldBe(OperationState.Failed);
        refused.Error.ShouldNotBeNull().ShouldContain("61 2 * * *");
        var instance = await Fleet.InstanceAsync(id);
        (instance.State, instance.Rules).ShouldBe((InstanceState.Running, """{"weights":{"critical":5}}"""));
        (await Fleet.AskServerAsync(id, "/admin/config")).GetProperty("weights").GetProperty("critical").GetInt32().ShouldBe(5);
    }

    Task<OperationId> SetRulesAsync(InstanceId id, string rules) => Fleet.AskAsync(id, OperationKinds.InstanceSetRules, data: new RulesToSet(rules));

    [Fact]
    public async Task Port_that_somebody_took_while_it_was_provisioned_is_left_to_them()
    {
        await Fleet.StopProvisionerAsync();
        var (id, operation) = await Fleet.CreateAsync();
        using var squatter = FleetUnderTest.Squat(0);
        var taken = ((System.Net.IPEndPoint)squatter.LocalEndpoint).Port;
        await Fleet.ReadAsync(db => db.Instances.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Engine, Fleet.Engine.Name).SetProperty(row => row.Host, "127.0.0.1").SetProperty(row => row.Port, taken)));
        await Fleet.LeaseAsync(id, taken);
        await Fleet.StartProvisionerAsync();

        await Fleet.SucceedAsync(operation);
        (await Fleet.InstanceAsync(id)).Port.ShouldNotBe(taken);
        (await Fleet.PushAsync(id)).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_removed_by_hand_comes_back_with_its_jobs()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.PushAsync(id);

        await Fleet.Engine.Engine.EnsureRemovedAsync(id.ToString(), default);

        await Wait.UntilAsync("it is made again", async () => (await Fleet.Engine.ServersAsync(id.ToString())).Count == 1);
        await Wait.UntilAsync("the operation is over", async () => await Fleet.ReadAsync(db => db.Operations.AllAsync(o => o.FinishedAt != null)));
        (await Fleet.PushAsync(id)).ShouldBe(2);
    }

    [Fact]
    public async Task What_should_be_suspended_and_runs_is_stopped()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.StopProvisionerAsync();
        await Fleet.ReadAsync(db => db.Instances.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Desired, DesiredState.Suspended)));

        await Fleet.StartProvisionerAsync();

        await Wait.UntilAsync("it is suspended", async () => (await Fleet.InstanceAsync(id)).State == InstanceState.Suspended);
        (await Fleet.Engine.ServersAsync(id.ToString())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lost_data_is_an_alert_and_never_an_empty_start()
    {
        var id = await Fleet.CreateRunningAsync();
        await Fleet.StopProvisionerAsync();
        await Fleet.Engine.Engine.EnsureRemovedAsync(id.ToString(), default);
        await Fleet.Engine.Engine.RemoveStorageAsync(id.ToString(), default);

        await Fleet.StartProvisionerAsync();
        await Wait.UntilAsync("an alert says so", () => Fleet.ReadAsync(db =>
            db.Alerts.AnyAsync(a => a.Kind == Alerts.InstanceDrifted && a.Subject == id.ToString() && a.OrganizationId == Fleet.Organization && a.ResolvedAt == null)));

        var restart = await Fleet.FinishAsync(await Fleet.AskAsync(id, OperationKinds.InstanceRestart));
        restart.State.ShouldBe(OperationState.Failed);
        (await Fleet.InstanceAsync(id)).State.ShouldBe(InstanceState.Failed);
        (await Fleet.Engine.Engine.ObserveAsync(id.ToString(), default)).HasStorage.ShouldBeFalse();
    }

    [Fact]
    public async Task Nobodys_instance_is_reported_and_left_alone()
    {
        var (id, operation) = await Fleet.CreateAsync();
        await Fleet.SucceedAsync(operation);
        await Fleet.PushAsync(id);
        await Fleet.ForgetAsync(id);

        await Wait.UntilAsync("an alert says so", () => Fleet.ReadAsync(db =>
            db.Alerts.AnyAsync(a => a.Kind == Alerts.Orphan && a.Subject == id.ToString() && a.OrganizationId == null)));

        (await Fleet.Engine.ServersAsync(id.ToString())).Count.ShouldBe(1);
        await Fleet.Engine.Engine.EnsureRemovedAsync(id.ToString(), default);
        await Fleet.Engine.Engine.RemoveStorageAsync(id.ToString(), default);
        await Wait.UntilAsync("the alert is resolved", () => Fleet.ReadAsync(db => db.Alerts.AllAsync(a => a.ResolvedAt != null)));
    }

    [Fact]
    public async Task Instance_that_hangs_is_shown_as_unhealthy_until_it_answers_again()
    {
        var id = await Fleet.CreateRunningAsync();

        await Fleet.Engine.SignalAsync(id.ToString(), "STOP");
        await Wait.UntilAsync("it is unhealthy", async () => (await Fleet.InstanceAsync(id)).Health == InstanceHealth.Unhealthy);
        await Wait.UntilAsync("the customer is told", () => Fleet.ReadAsync(db =>
            db.Alerts.AnyAsync(a => a.Kind == Alerts.InstanceUnhealthy && a.OrganizationId == Fleet.Organization && a.ResolvedAt == null)));

        await Fleet.Engine.SignalAsync(id.ToString(), "CONT");
        await Wait.UntilAsync("it is healthy", async () => (await Fleet.InstanceAsync(id)).Health == InstanceHealth.Healthy);
        await Wait.UntilAsync("the alert is resolved", () => Fleet.ReadAsync(db => db.Alerts.AllAsync(a => a.ResolvedAt != null)));
    }

    [Fact]
    public async Task Numbers_of_a_watched_instance_arrive_and_the_first_job_is_noticed()
    {
        var id = await Fleet.CreateRunningAsync();
        await Wait.UntilAsync("it is sampled once", () => Fleet.ReadAsync(db => db.InstanceSamples.AnyAsync(s => s.InstanceId == id)));
        (await Fleet.InstanceAsync(id)).FirstJobAt.ShouldBeNull();
        await Fleet.ReadAsync(db => db.Instances.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.WatchedUntil, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1))));

        await Fleet.PushAsync(id);

        await Wait.UntilAsync("the first job is noticed", async () => (await Fleet.InstanceAsync(id)).FirstJobAt is not null);
        var samples = await Fleet.ReadAsync(db => db.InstanceSamples.Where(s => s.InstanceId == id).OrderBy(s => s.At).ToListAsync());
        samples.Count.ShouldBeGreaterThan(1);
        (samples[^1].TotalEnqueued, samples[^1].Queued, samples[^1].OrganizationId).ShouldBe((1, 1, Fleet.Organization));
        samples[^1].Queues.ShouldContain("\"default\": 1");
    }

    [Fact]
    public async Task Two_provisioners_provision_each_instance_once()
    {
        var second = global::Provisioner.ProvisionerHost.Create([.. Fleet.Arguments]);
        await second.StartAsync();
        try
        {
            var created = new List<(InstanceId Id, OperationId Operation)>();
            for (var i = 0; i < 4; i++)
                created.Add(await Fleet.CreateAsync());
            foreach (var (id, operation) in created)
            {
                await Fleet.SucceedAsync(operation);
                (await Fleet.Engine.ServersAsync(id.ToString())).Count.ShouldBe(1);
            }
            var ports = new HashSet<int?>();
            foreach (var (id, _) in created)
                ports.Add((await Fleet.InstanceAsync(id)).Port).ShouldBeTrue();
        }
        finally
        {
            await second.StopAsync();
            await second.DisposeAsync();
        }
    }

    public async ValueTask InitializeAsync()
    {
        Fleet = await FleetUnderTest.StartAsync(postgres, NewEngine());
        await Fleet.StartProvisionerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Fleet is not null)
            await Fleet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract TestEngine NewEngine();

    Task<OperationId> RotateAsync(InstanceId id, TimeSpan overlap) => Fleet.AskAsync(id, OperationKinds.InstanceRotatePassword, instance =>
    {
        instance.SealedPreviousPassword = Fleet.Seal(id, SecretPurposes.InstancePassword, "first-password");
        instance.PreviousPasswordExpiresAt = TimeProvider.System.GetUtcNow() + overlap;
        instance.SealedPassword = Fleet.Seal(id, SecretPurposes.InstancePassword, "second-password");
    });

    Task<OperationId> SuspendAsync(InstanceId id) =>
        Fleet.AskAsync(id, OperationKinds.InstanceSuspend, instance => instance.Desired = DesiredState.Suspended);

    Task<OperationId> ResumeAsync(InstanceId id) =>
        Fleet.AskAsync(id, OperationKinds.InstanceResume, instance => instance.Desired = DesiredState.Running);
}

public sealed class ProcessHandlersTests(PostgresFixture postgres) : HandlersContract(postgres)
{
    private protected override TestEngine NewEngine() => new ProcessTestEngine();
}

public sealed class DockerHandlersTests(PostgresFixture postgres, DockerFixture docker) : HandlersContract(postgres)
{
    private protected override TestEngine NewEngine() => new DockerTestEngine(docker);
}
