using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

sealed class ProvisionInstance(CrashPoints crash, BringUp bringUp) : BringUpWorkflow(OperationKinds.InstanceProvision, crash, bringUp)
{
    protected override StepResult Superseded(InstanceStep step) =>
        new StepResult.Fail(step.Instance.IsDeletedOrGoing
            ? "The instance was deleted before it was running."
            : "The instance was suspended before it was running. Resume it to go on.");

    // A new instance is being provisioned from its first row on.
    protected override void Begin(Instance instance)
    {
    }
}
