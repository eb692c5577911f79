using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

sealed class SuspendInstance : InstanceWorkflow
{
    public SuspendInstance(CrashPoints crash, TakeDown takeDown) : base(OperationKinds.InstanceSuspend, crash) =>
        Step(Kind.FirstStep, async (step, cancel) =>
        {
            if (step.Instance.State != InstanceState.Suspended)
                await step.ShowAsync(instance => instance.MarkSuspending(), cancel);
            await takeDown.StopAsync(step, cancel);
            step.Instance.MarkSuspended();
            return StepResult.Finished;
        });

    protected override DesiredState Wants => DesiredState.Suspended;
}
