using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>What the platform said of an instance, to tell it again and to know a request that is sent twice.</summary>
sealed record BrokerInstance(string Operation, JsonElement? Parameters, string? SpaceGuid)
{
    /// <summary>What the command does not know of a request: all attributes have to be those of the first one.</summary>
    internal bool IsOf(string? space, JsonElement? parameters) =>
        SpaceGuid == space && (Parameters.IsEmpty() ? parameters.IsEmpty() : !parameters.IsEmpty() && JsonElement.DeepEquals(Parameters!.Value, parameters!.Value));
}

sealed record MaintenanceInfo(string? Version);

/// <summary>/v2/service_instances/{id}</summary>
static class BrokerInstances
{
    sealed record Context(string? OrganizationName, string? InstanceName);

    sealed record Provision(
        string? ServiceId, string? PlanId, string? OrganizationGuid, string? SpaceGuid, Context? Context, JsonElement? Parameters, MaintenanceInfo? MaintenanceInfo);

    sealed record Parameters(string? Name, string? Region);

    internal sealed record Accepted(string? DashboardUrl, string Operation);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/service_instances/{id}", ProvisionAsync);
        routes.MapGet("/service_instances/{id}", GetAsync);
        routes.MapDelete("/service_instances/{id}", DeprovisionAsync);
        UpdateBrokerInstance.Map(routes);
    }

    static async Task<IResult> ProvisionAsync(HttpContext http, string id, ResellerCommands commands, BrokerWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Provision>(http.Request, DialectJson.Snake, cancel) is not { OrganizationGuid: { Length: > 0 } organization, SpaceGuid: { Length: > 0 } } body)
            return BrokerAnswers.Refuse(400, null, "The request must name service_id, plan_id, organization_guid and space_guid.");
        if ((await BrokerCatalog.ReadAsync(db, by, cancel)).Find(body.ServiceId, body.PlanId) is not { } plan)
            return BrokerAnswers.Refuse(400, null, "There is no such service or plan in the catalog.");
        if (body.MaintenanceInfo?.Version is { } version && version != plan.Maintenance)
            return BrokerAnswers.Refuse(422, BrokerAnswers.MaintenanceInfoConflict, $"The plan's maintenance_info has the version {plan.Maintenance}. Read the catalog again.");
        if (!TryRead(body.Parameters, out var parameters))
            return BrokerAnswers.Refuse(400, null, "The parameters name and region are text.");
        if (!http.Request.AcceptsIncomplete() && await db.FindResourceAsync(by, id, cancel) is null)
            return BrokerAnswers.NeedsAsync();

        var settings = PlatformSettings.Of(by.Integration);
        var command = new ProvisionRequest(
            id, new CustomerSought(organization, body.Context?.OrganizationName ?? organization, null), plan.Key, parameters.Name ?? body.Context?.InstanceName, parameters.Region is { } region ? settings.Region(region) ?? region : null);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var result = await commands.ProvisionAsync(by, command, cancel);
        if (!result.IsAccepted)
            return result.Refusal is { Code: "region_unknown" or "plan_unknown" } unknown ? BrokerAnswers.Refuse(400, null, unknown.Detail) : BrokerAnswers.Refuse(result);
        var operation = result.Operation!.Value.ToString();
        var record = await db.FindRecordAsync(by, PlatformRecordKinds.Instance, id, cancel)
            ?? db.AddRecord(by, PlatformRecordKinds.Instance, id, result.Resource!, new BrokerInstance(operation, body.Parameters, body.SpaceGuid), clock);
        if (!record.Read<BrokerInstance>().IsOf(body.SpaceGuid, body.Parameters))
            return BrokerAnswers.Refuse(409, null, ResellerProblems.Conflict.Detail);
        if (result.Outcome == CommandOutcome.Created)
            await work.AuditAsync(http, by, result.Resource!, "platform.provision", cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        var first = record.Read<BrokerInstance>();
        if (result.Outcome == CommandOutcome.InProgress && operation != first.Operation)
            return BrokerAnswers.IsBusy();
        var address = work.DashboardOf(result.Resource!);
        return result.Outcome == CommandOutcome.AlreadyThere && await work.HasSucceededAsync(by, result.Resource!, first.Operation, cancel)
            ? BrokerAnswers.Json(200, new { dashboard_url = address, metadata = new { attributes = new { plan = plan.Key } } })
            : BrokerAnswers.Json(202, new Accepted(address, first.Operation));
    }

    static async Task<IResult> GetAsync(HttpContext http, string id, BrokerWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindResourceAsync(by, id, cancel) is not { IsLiving: true } resource || await db.FindRecordAsync(by, PlatformRecordKinds.Instance, id, cancel) is not { } record)
            return BrokerAnswers.Refuse(404, null, ResellerProblems.ResourceNotFound.Detail);
        var first = record.Read<BrokerInstance>();
        if (!await work.HasSucceededAsync(by, resource, first.Operation, cancel))
            return BrokerAnswers.Refuse(404, null, "This service instance is not there yet.");
        if (await work.IsBusyAsync(by, resource, cancel))
            return BrokerAnswers.IsBusy();
        var catalog = await BrokerCatalog.ReadAsync(db, by, cancel);
        return BrokerAnswers.Json(200, new
        {
            service_id = catalog.ServiceId,
            plan_id = catalog.PlanId(resource.PlanKey),
            dashboard_url = work.DashboardOf(resource),
            parameters = first.Parameters.IsEmpty() ? null : first.Parameters,
            maintenance_info = catalog.Plans.FirstOrDefault(p => p.Key == resource.PlanKey) is { } plan ? new { version = plan.Maintenance } : null,
        });
    }

    static async Task<IResult> DeprovisionAsync(HttpContext http, string id, string? service_id, string? plan_id, ResellerCommands commands, BrokerWork work, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (string.IsNullOrEmpty(service_id) || string.IsNullOrEmpty(plan_id))
            return BrokerAnswers.Refuse(400, null, "The query must name service_id and plan_id.");
        if (await db.FindResourceAsync(by, id, cancel) is not { } resource)
            return BrokerAnswers.Empty(410);
        if (!http.Request.AcceptsIncomplete())
            return resource.IsLiving ? BrokerAnswers.NeedsAsync() : BrokerAnswers.Empty(410);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Also in the middle of being provisioned: a platform that lost our answer asks for it to be stopped.
        var result = await commands.DeprovisionAsync(by, new ResourceRequest(id), cancel);
        if (result.Outcome == CommandOutcome.Gone)
        {
            await transaction.RollbackAsync(cancel);
            return await work.IsBusyAsync(by, resource, cancel) ? BrokerAnswers.Json(202, new Accepted(null, resource.OperationId.ToString())) : BrokerAnswers.Empty(410);
        }
        if (!result.IsAccepted)
            return BrokerAnswers.Refuse(result);
        await work.AuditAsync(http, by, result.Resource!, "platform.deprovision", cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return BrokerAnswers.Json(202, new Accepted(null, result.Operation!.Value.ToString()));
    }

    /// <summary>Parameters that we do not know are let be, as everything else is.</summary>
    static bool TryRead(JsonElement? given, out Parameters parameters)
    {
        parameters = new(null, null);
        if (given.IsEmpty())
            return true;
        try
        {
            parameters = given!.Value.Deserialize<Parameters>(DialectJson.Snake) ?? parameters;
            return given.Value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
