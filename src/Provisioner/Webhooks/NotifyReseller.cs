using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Webhooks;

/// <summary>Comes after another operation on the same subject, and tells the reseller how that one ended.</summary>
sealed class NotifyReseller : Workflow
{
    public NotifyReseller() => Step(Kind.FirstStep, async (context, cancel) =>
    {
        var data = context.GetData<NotifyData>();
        var (resourceId, operationId) = (PrefixedId.Parse<ManagedResourceId>(data.Resource), PrefixedId.Parse<OperationId>(data.Operation));
        var resource = await context.Db.ManagedResources.AsNoTracking().SingleAsync(r => r.Id == resourceId, cancel);
        // Whoever has been taken over is none of the reseller's business any more.
        if (resource.State == ManagedState.Released)
            return StepResult.Finished;
        var operation = await context.Db.Operations.AsNoTracking().SingleAsync(o => o.Id == operationId, cancel);
        var type = operation.State == OperationState.Failed ? WebhookEvents.ResourceFailed : data.Type;
        await context.Db.AddDeliveriesAsync(
            resource.ResellerId, type,
            new
            {
                resource_id = data.Resource,
                external_id = resource.ExternalId,
                organization_id = resource.OrganizationId.ToString(),
                instance_id = resource.InstanceId.ToString(),
                plan = resource.PlanKey,
                state = resource.State.ToText(),
                operation = new { id = data.Operation, kind = operation.Kind, state = operation.State.ToText(), error = operation.Error },
                sandbox = resource.IsSandbox,
            }, context.Clock, cancel);
        return StepResult.Finished;
    });

    public override OperationKind Kind => OperationKinds.ResellerNotify;
}
