using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>Memory and processor through the engine, connections and storage through the server itself; both while it runs where the engine can.</summary>
sealed class ChangePlan : BringUpWorkflow
{
    public ChangePlan(CrashPoints crash, BringUp bringUp) : base(OperationKinds.InstanceChangePlan, crash, bringUp) =>
        Step(Kind.FirstStep, (step, cancel) => Task.FromResult<StepResult>(new StepResult.Next(Start)));

    // It serves all the while.
    protected override void Begin(Instance instance)
    {
    }
}
