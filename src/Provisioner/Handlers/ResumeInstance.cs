using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

sealed class ResumeInstance(CrashPoints crash, BringUp bringUp) : BringUpWorkflow(OperationKinds.InstanceResume, crash, bringUp)
{
    protected override void Begin(Instance instance)
    {
        if (instance.State is InstanceState.Suspended or InstanceState.Suspending or InstanceState.Failed)
            instance.MarkResuming();
    }
}
