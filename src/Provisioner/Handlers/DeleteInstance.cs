using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>Takes the instance down. Its data stays until it is purged, so that it can be brought back.</summary>
sealed class DeleteInstance : InstanceWorkflow
{
    public DeleteInstance(CrashPoints crash, TakeDown takeDown) : base(OperationKinds.InstanceDelete, crash)
    {
        Step(Kind.FirstStep, async (step, cancel) =>
        {
            await step.ShowAsync(instance => instance.MarkDeleting(), cancel);
            await takeDown.StopAsync(step, cancel);
            return new StepResult.Next("remove");
        });
        Step("remove", async (step, cancel) =>
        {
            await takeDown.RemoveAsync(step, cancel);
            step.Instance.MarkDeleted();
            return StepResult.Finished;
        });
    }

    protected override DesiredState Wants => DesiredState.Deleted;
}
