using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>PATCH /v2/service_instances/{id}: another plan, or the newer terms of the same one.</summary>
static class UpdateBrokerInstance
{
    sealed record Update(string? ServiceId, string? PlanId, JsonElement? Parameters, MaintenanceInfo? MaintenanceInfo);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/service_instances/{id}", HandleAsync);

    static async Task<IResult> HandleAsync(HttpContext http, string id, ResellerCommands commands, BrokerWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Update>(http.Request, DialectJson.Snake, cancel) is not { ServiceId: { } service } body)
            return BrokerAnswers.Refuse(400, null, "The request must name service_id.");
        if (!body.Parameters.IsEmpty())
            return BrokerAnswers.Refuse(400, null, "A service instance has no parameters that can be changed.");
        if (await db.FindResourceAsync(by, id, cancel) is not { IsLiving: true } resource)
            return BrokerAnswers.Refuse(404, null, ResellerProblems.ResourceNotFound.Detail);
        var catalog = await BrokerCatalog.ReadAsync(db, by, cancel);
        if (catalog.Find(service, body.PlanId ?? catalog.PlanId(resource.PlanKey)) is not { } plan)
            return BrokerAnswers.Refuse(400, null, "There is no such service or plan in the catalog.");
        if (body.MaintenanceInfo?.Version is { } version && version != plan.Maintenance)
            return BrokerAnswers.Refuse(422, BrokerAnswers.MaintenanceInfoConflict, $"The plan's maintenance_info has the version {plan.Maintenance}. Read the catalog again.");
        var isBusy = await work.IsBusyAsync(by, resource, cancel);
        if (plan.Key == resource.PlanKey)
            return isBusy ? await RepeatAsync(by, resource, work, cancel) : BrokerAnswers.Empty(200);
        if (isBusy)
            return BrokerAnswers.IsBusy();
        if (!http.Request.AcceptsIncomplete())
            return BrokerAnswers.NeedsAsync();
        return await ChangeAsync(http, by, id, plan, commands, work, db, cancel);
    }

    static async Task<IResult> ChangeAsync(HttpContext http, ResellerCaller by, string id, BrokerPlan plan, ResellerCommands commands, BrokerWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var result = await commands.ChangePlanAsync(by, new ResourceRequest(id), plan.Key, cancel);
        if (result.Refusal is { } refusal)
            return BrokerAnswers.Json(BrokerAnswers.StatusOf(refusal), new BrokerAnswers.Error(null, refusal.Detail, InstanceUsable: true, UpdateRepeatable: true));
        if (!result.IsAccepted)
            return BrokerAnswers.Refuse(result);
        await work.AuditAsync(http, by, result.Resource!, "platform.update", cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return result.Outcome == CommandOutcome.AlreadyThere
            ? BrokerAnswers.Empty(200)
            : BrokerAnswers.Json(202, new BrokerInstances.Accepted(work.DashboardOf(result.Resource!), result.Operation!.Value.ToString()));
    }

    /// <summary>The change to this very plan, sent again while it is worked on, has the same operation; anything else that is under way is in its way.</summary>
    static async Task<IResult> RepeatAsync(ResellerCaller by, ManagedResource resource, BrokerWork work, CancellationToken cancel) =>
        (await work.ReadAsync(by, resource, resource.OperationId, cancel))?.Kind == Core.Operations.OperationKinds.InstanceChangePlan.Name
            ? BrokerAnswers.Json(202, new BrokerInstances.Accepted(work.DashboardOf(resource), resource.OperationId.ToString()))
            : BrokerAnswers.IsBusy();
}
