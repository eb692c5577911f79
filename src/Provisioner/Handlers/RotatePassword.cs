using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>Tells the running server of the new password; the old one opens connections until it expires. A server that does not run reads both at its next start.</summary>
sealed class RotatePassword : BringUpWorkflow
{
    public RotatePassword(CrashPoints crash, BringUp bringUp) : base(OperationKinds.InstanceRotatePassword, crash, bringUp) =>
        Step(Kind.FirstStep, (step, cancel) => Task.FromResult<StepResult>(new StepResult.Next(step.IsNew ? LeaseAddress : AwaitReady)));

    protected override void Begin(Instance instance)
    {
    }
}
