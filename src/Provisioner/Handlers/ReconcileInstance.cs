using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>Brings back an instance that should run and was found otherwise: stopped, removed, moved, or behind its intent.</summary>
sealed class ReconcileInstance : BringUpWorkflow
{
    public ReconcileInstance(CrashPoints crash, BringUp bringUp) : base(OperationKinds.InstanceReconcile, crash, bringUp) =>
        Step(Kind.FirstStep, (step, cancel) => Task.FromResult<StepResult>(new StepResult.Next(Start)));

    // The customer's view follows its health; nobody asked for a restart.
    protected override void Begin(Instance instance)
    {
    }
}
