using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace Provisioner.Handlers;

/// <summary>
/// The way to a running instance, wherever it starts from: lease_address → prepare_storage → start → await_ready. Each step leads back
/// to an earlier one when what that makes is not there.
/// </summary>
abstract class BringUpWorkflow : InstanceWorkflow
{
    protected const string LeaseAddress = "lease_address", PrepareStorage = "prepare_storage", Start = "start", AwaitReady = "await_ready";

    protected BringUpWorkflow(OperationKind kind, CrashPoints crash, BringUp bringUp) : base(kind, crash)
    {
        Step(LeaseAddress, async (step, cancel) =>
        {
            Begin(step.Instance);
            await bringUp.LeaseAddressAsync(step, cancel);
            return new StepResult.Next(step.IsNew ? PrepareStorage : Start);
        });
        Step(PrepareStorage, async (step, cancel) =>
        {
            await bringUp.PrepareStorageAsync(step, cancel);
            return new StepResult.Next(Start);
        });
        Step(Start, async (step, cancel) =>
        {
            await step.ShowAsync(Begin, cancel);
            return await bringUp.StartAsync(step, cancel) switch
            {
                StartOutcome.Started => new StepResult.Next(AwaitReady),
                StartOutcome.NeedsAddress => new StepResult.Next(LeaseAddress),
                StartOutcome.NeedsStorage => new StepResult.Next(PrepareStorage),
                _ => new StepResult.Fail("The instance's data is not where it should be. It is not started on an empty place; we have been told."),
            };
        });
        Step(AwaitReady, async (step, cancel) => await bringUp.AwaitReadyAsync(step, cancel) switch
        {
            ReadyOutcome.Ready => StepResult.Finished,
            ReadyOutcome.NeedsStart => new StepResult.Next(Start, After: TimeSpan.FromSeconds(1)),
            ReadyOutcome.NotYet => new StepResult.Wait(TimeSpan.FromMilliseconds(250)),
            _ => new StepResult.Fail("The instance's data needs a repair before it can be served. Nothing was changed; we have been told."),
        });
    }

    protected override DesiredState Wants => DesiredState.Running;

    /// <summary>What the customer reads while it comes up.</summary>
    protected abstract void Begin(Instance instance);
}
