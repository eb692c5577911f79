using ControlPlane.Core.Audit;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>Removes a deleted instance's data for good, once it can no longer be brought back. The row stays, for the books.</summary>
sealed class PurgeInstance : InstanceWorkflow
{
    public PurgeInstance(CrashPoints crash, TakeDown takeDown) : base(OperationKinds.InstancePurge, crash) =>
        Step(Kind.FirstStep, async (step, cancel) =>
        {
            if (step.Instance.PurgeAt is not { } purgeAt || purgeAt > step.Now)
                return StepResult.Finished;
            await takeDown.PurgeAsync(step, cancel);
            step.Instance.MarkDeleting();
            step.Instance.MarkDeleted();
            step.Db.Write(step.Instance.OrganizationId, Actor.System("provisioner"), "instance.purged", step.Id, step.Instance.Name, step.Context.Clock);
            return StepResult.Finished;
        });

    protected override DesiredState Wants => DesiredState.Deleted;
}
