using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

sealed class RestartInstance : BringUpWorkflow
{
    public RestartInstance(CrashPoints crash, BringUp bringUp, TakeDown takeDown) : base(OperationKinds.InstanceRestart, crash, bringUp) =>
        Step(Kind.FirstStep, async (step, cancel) =>
        {
            await step.ShowAsync(Begin, cancel);
            await takeDown.StopAsync(step, cancel);
            return new StepResult.Next(Start);
        });

    protected override void Begin(Instance instance)
    {
        if (instance.State is InstanceState.Running or InstanceState.Failed)
            instance.MarkRestarting();
    }
}
