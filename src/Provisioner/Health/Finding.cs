using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Provisioner.Engines;

namespace Provisioner.Health;

/// <summary>What a look at one instance says, by itself: intent compared with what the engine holds.</summary>
enum Finding
{
    AsIntended,

    /// <summary>Should run, and does not, or not as intended.</summary>
    Behind,

    /// <summary>Should not run, and does.</summary>
    RunsOn,

    /// <summary>Was taken down, and something of it is there again.</summary>
    Lingers,
    StorageMissing,

    /// <summary>Its time to be brought back is over.</summary>
    PurgeDue,
}

static class Findings
{
    /// <param name="seen">Null when the engine holds nothing of it.</param>
    public static Finding Of(Instance instance, EngineObservation? seen, DateTimeOffset now) => instance switch
    {
        // Waits for a human: doing the same again would only hide it.
        { State: InstanceState.Failed } => Finding.AsIntended,
        { Desired: DesiredState.Running, ObservedGeneration: > 0 } when seen is not { HasStorage: true } => Finding.StorageMissing,
        { Desired: DesiredState.Running } when seen is not { Running: true } || seen.Port != instance.Port
            || instance.ObservedGeneration < instance.Generation || instance.State != InstanceState.Running => Finding.Behind,
        { Desired: DesiredState.Suspended } when seen is { Running: true } || instance.State != InstanceState.Suspended => Finding.RunsOn,
        { Desired: DesiredState.Deleted, PurgeAt: { } purgeAt } when purgeAt <= now => Finding.PurgeDue,
        { Desired: DesiredState.Deleted } when seen is { Exists: true } || instance.State != InstanceState.Deleted => Finding.Lingers,
        _ => Finding.AsIntended,
    };

    public static OperationKind? Remedy(Finding finding) => finding switch
    {
        Finding.Behind => OperationKinds.InstanceReconcile,
        Finding.RunsOn => OperationKinds.InstanceSuspend,
        Finding.Lingers => OperationKinds.InstanceDelete,
        Finding.PurgeDue => OperationKinds.InstancePurge,
        _ => null,
    };
}
