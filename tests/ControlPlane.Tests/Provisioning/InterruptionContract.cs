using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Provisioning;

/// <summary>
/// The Provisioner is killed (SIGKILL, at a named point) at each step of each operation, and a new one is started, which is killed at
/// the next point. FAKTORY_TESTS_LONG=1 kills it before each step too, and at every step on every engine. Every operation completes, and the world then holds what the database says,
/// once, and nothing else.
/// </summary>
public abstract class InterruptionContract(PostgresFixture postgres) : IAsyncDisposable
{
    // The steps that each kind takes on its usual way.
    static readonly Dictionary<OperationKind, string[]> steps = new()
    {
        [OperationKinds.InstanceProvision] = ["lease_address", "prepare_storage", "start", "await_ready"],
        [OperationKinds.InstanceRestart] = ["stop", "start", "await_ready"],
        [OperationKinds.InstanceRotatePassword] = ["apply", "await_ready"],
        [OperationKinds.InstanceChangePlan] = ["apply", "start", "await_ready"],
        [OperationKinds.InstanceSetRules] = ["apply"],
        [OperationKinds.InstanceReconcile] = ["apply", "start", "await_ready"],
        [OperationKinds.InstanceSuspend] = ["stop"],
        [OperationKinds.InstanceResume] = ["start", "await_ready"],
        [OperationKinds.InstanceDelete] = ["stop", "remove"],
        [OperationKinds.InstanceUndelete] = ["lease_address", "start", "await_ready"],
        [OperationKinds.InstancePurge] = ["remove"],
    };

    Dictionary<OperationKind, Queue<string>> points = [];
    FleetUnderTest fleet = null!;
    ProvisionerProcess? provisioner;
    OperationId? unfinished;

    [Fact]
    public async Task Every_operation_interrupted_at_every_step_completes_and_leaves_no_litter()
    {
        fleet = await FleetUnderTest.StartAsync(postgres, NewEngine());
        points = steps.ToDictionary(kind => kind.Key, kind => new Queue<string>(kind.Value.SelectMany(step => Points(kind.Key, step))));
        var survivor = await ProvisionAsync();
        while (points.Values.Any(left => left.Count > 0))
        {
            foreach (var (kind, change) in ((OperationKind, Action<Instance>?)[])
            [
                (OperationKinds.InstanceRestart, null),
                (OperationKinds.InstanceRotatePassword, Rotate),
                (OperationKinds.InstanceChangePlan, instance => instance.PlanKey = instance.PlanKey == "pro" ? "free" : "pro"),
                (OperationKinds.InstanceReconcile, null),
            ])
                if (AnyLeft(kind))
                    await InterruptAsync(survivor, kind, change);
            if (AnyLeft(OperationKinds.InstanceSetRules))
                await InterruptAsync(OperationKinds.InstanceSetRules, () => fleet.AskAsync(survivor, OperationKinds.InstanceSetRules, data: new RulesToSet("""{"weights":{"critical":5}}""")));
            if (AnyLeft(OperationKinds.InstanceSuspend, OperationKinds.InstanceResume))
            {
                await InterruptAsync(survivor, OperationKinds.InstanceSuspend, instance => instance.Desired = DesiredState.Suspended);
                await InterruptAsync(survivor, OperationKinds.InstanceResume, instance => instance.Desired = DesiredState.Running);
            }
            if (AnyLeft(OperationKinds.InstanceDelete, OperationKinds.InstanceUndelete))
            {
                await InterruptAsync(survivor, OperationKinds.InstanceDelete, instance => instance.Desired = DesiredState.Deleted);
                await InterruptAsync(survivor, OperationKinds.InstanceUndelete, instance => instance.Desired = DesiredState.Running);
            }
            if (AnyLeft(OperationKinds.InstanceProvision, OperationKinds.InstancePurge))
            {
                var another = await ProvisionAsync();
                await InterruptAsync(another, OperationKinds.InstanceDelete, instance =>
                    (instance.Desired, instance.PurgeAt) = (DesiredState.Deleted, TimeProvider.System.GetUtcNow()));
                await InterruptAsync(another, OperationKinds.InstancePurge);
            }
        }
        await ContinueAsync(crash: null);
    }

    public async ValueTask DisposeAsync()
    {
        if (provisioner is not null)
            await provisioner.DisposeAsync();
        if (fleet is not null)
            await fleet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract TestEngine NewEngine();

    /// <summary>Where the Provisioner is killed at this step. A few seconds each: what runs by default is the harder half.</summary>
    private protected virtual IEnumerable<string> Points(OperationKind kind, string step) => isLong ? [Before(kind, step), After(kind, step)] : [After(kind, step)];

    private protected static readonly bool isLong = Environment.GetEnvironmentVariable("FAKTORY_TESTS_LONG") == "1";

    /// <summary>Nothing of the step is done; its lease is taken.</summary>
    static string Before(OperationKind kind, string step) => $"--Provisioner:CrashBeforeStep={kind.Name}/{step}";

    /// <summary>The world is changed, and the database knows nothing of it.</summary>
    static string After(OperationKind kind, string step) => $"--Provisioner:CrashAfterStep={kind.Name}/{step}";

    bool AnyLeft(params ReadOnlySpan<OperationKind> kinds)
    {
        foreach (var kind in kinds)
            if (points[kind].Count > 0)
                return true;
        return false;
    }

    async Task<InstanceId> ProvisionAsync()
    {
        InstanceId created = default;
        await InterruptAsync(OperationKinds.InstanceProvision, async () =>
        {
            (created, var operation) = await fleet.CreateAsync();
            return operation;
        });
        return created;
    }

    Task InterruptAsync(InstanceId id, OperationKind kind, Action<Instance>? change = null) =>
        InterruptAsync(kind, () => fleet.AskAsync(id, kind, change));

    /// <summary>The Provisioner that will die at the next point of this kind first completes what the one before left behind.</summary>
    async Task InterruptAsync(OperationKind kind, Func<Task<OperationId>> ask)
    {
        var crash = points[kind].TryDequeue(out var point) ? point : null;
        await ContinueAsync(crash);
        unfinished = await ask();
        if (crash is null)
            return;
        await provisioner!.UntilKilledAsync(crash);
        (await fleet.ReadAsync(db => db.Operations.AsNoTracking().SingleAsync(o => o.Id == unfinished))).IsFinished.ShouldBeFalse(crash);
        TestContext.Current.SendDiagnosticMessage($"killed at {crash}");
    }

    async Task ContinueAsync(string? crash)
    {
        if (provisioner is not null)
            await provisioner.DisposeAsync();
        provisioner = new ProvisionerProcess([.. fleet.Arguments, "--Provisioner:SweepEvery=01:00:00", .. crash is null ? [] : (string[])[crash]]);
        if (unfinished is { } operation)
            await fleet.SucceedAsync(operation);
        await CheckWorldAsync();
    }

    async Task CheckWorldAsync()
    {
        var instances = await fleet.ReadAsync(db => db.Instances.AsNoTracking().ToListAsync());
        foreach (var instance in instances)
        {
            var (id, isPurged) = (instance.Id.ToString(), instance is { Desired: DesiredState.Deleted, Port: null });
            instance.State.ShouldBe(instance.Desired switch
            {
                DesiredState.Running => InstanceState.Running,
                DesiredState.Suspended => InstanceState.Suspended,
                _ => InstanceState.Deleted,
            });
            (await fleet.Engine.ServersAsync(id)).Count.ShouldBe(instance.State == InstanceState.Running ? 1 : 0, id);
            (await fleet.Engine.Engine.ObserveAsync(id, default)).HasStorage.ShouldBe(!isPurged, id);
            (await fleet.LeasesAsync(instance.Id)).ShouldBe(isPurged ? 0 : fleet.Engine.Engine.NeedsAdminPort ? 2 : 1, id);
        }
        (await fleet.Engine.Engine.ListAllAsync(default)).Select(seen => seen.InstanceId)
            .ShouldBe(instances.Where(instance => instance.Port is not null).Select(instance => instance.Id.ToString()), ignoreOrder: true);
        (await fleet.Engine.LitterAsync()).ShouldBeEmpty();
    }

    void Rotate(Instance instance)
    {
        instance.SealedPreviousPassword = instance.SealedPassword;
        instance.PreviousPasswordExpiresAt = TimeProvider.System.GetUtcNow();
        instance.SealedPassword = fleet.Seal(instance.Id, SecretPurposes.InstancePassword, $"password-{instance.Generation}");
    }
}

public sealed class ProcessInterruptionTests(PostgresFixture postgres) : InterruptionContract(postgres)
{
    private protected override TestEngine NewEngine() => new ProcessTestEngine();
}

public sealed class DockerInterruptionTests(PostgresFixture postgres, DockerFixture docker) : InterruptionContract(postgres)
{
    private protected override TestEngine NewEngine() => new DockerTestEngine(docker);

    // The workflows are the same; what differs is what an engine leaves behind when its caller dies.
    private protected override IEnumerable<string> Points(OperationKind kind, string step) =>
        isLong || step is "prepare_storage" or "remove" || (kind == OperationKinds.InstanceProvision && step is "start") ? base.Points(kind, step) : [];
}
