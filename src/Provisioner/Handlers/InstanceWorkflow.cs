using ControlPlane.Core.Alerts;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Handlers;

/// <summary>A workflow whose subject is an instance.</summary>
abstract class InstanceWorkflow(OperationKind kind, CrashPoints crash) : Workflow
{
    public override OperationKind Kind => kind;

    public override string RetryMessage => "The machine cannot do this at the moment. It is tried again by itself; nothing needs to be done.";

    /// <summary>What the workflow wants to be true in the end. Where the customer has changed their mind since, its steps end it.</summary>
    protected abstract DesiredState Wants { get; }

    protected void Step(string name, Func<InstanceStep, CancellationToken, Task<StepResult>> run) => base.Step(name, async (context, cancel) =>
    {
        crash.Before(kind.Name, name);
        var result = await LoadAsync(context, cancel) is not { } step
            ? new StepResult.Fail("This instance does not exist any more.")
            : step.Instance.Desired != Wants ? Superseded(step) : await run(step, cancel);
        crash.After(kind.Name, name);
        return result;
    });

    /// <summary>The operation that made the intent another one comes after this one and does the work.</summary>
    protected virtual StepResult Superseded(InstanceStep step) => StepResult.Finished;

    public override async Task OnFailedAsync(StepContext context, string error, CancellationToken cancel)
    {
        if (await LoadAsync(context, cancel) is not { } step || step.Instance.Desired != Wants)
            return;
        if (step.Instance.State is not (InstanceState.Deleting or InstanceState.Deleted or InstanceState.Suspended))
            step.Instance.MarkFailed();
        await step.Db.RaiseAlertAsync(
            step.Instance.OrganizationId, Alerts.OperationFailed, AlertSeverity.Critical, step.Id, $"{step.Instance.Name}: {error}", step.Context.Clock, cancel);
    }

    static async Task<InstanceStep?> LoadAsync(StepContext context, CancellationToken cancel)
    {
        if (!InstanceId.TryParse(context.Operation.Subject, out var id))
            return null;
        var instance = await context.Db.Instances.FirstOrDefaultAsync(instance => instance.Id == id, cancel);
        return instance is null
            ? null
            : new InstanceStep(context, instance, (await context.Db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == id, cancel)).Limits);
    }
}
