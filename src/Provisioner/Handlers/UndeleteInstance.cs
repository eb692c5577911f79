using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

sealed class UndeleteInstance(CrashPoints crash, BringUp bringUp) : BringUpWorkflow(OperationKinds.InstanceUndelete, crash, bringUp)
{
    protected override void Begin(Instance instance)
    {
        // Brought back before it was taken down: there is nothing to resume, and all steps find their work done.
        if (instance.State is InstanceState.Deleting or InstanceState.Deleted or InstanceState.Failed)
            instance.MarkResuming();
    }
}
