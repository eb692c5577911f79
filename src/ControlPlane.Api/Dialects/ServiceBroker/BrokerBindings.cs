using System.Globalization;
using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>What the platform said of a binding, and the operation that gives it its password or takes it away.</summary>
/// <param name="Hash">Of the request: the same id with something else is a conflict.</param>
sealed record BrokerBinding(string Operation, string Hash, JsonElement? Parameters);

/// <summary>
/// /v2/service_instances/{id}/service_bindings/{binding}. Each binding has a password of its own, which goes with it. Rotation is a new binding that names the old one:
/// both work until the platform unbinds the old one.
/// </summary>
static class BrokerBindings
{
    const string Path = "/service_instances/{id}/service_bindings/{binding}";

    sealed record Bind(string? ServiceId, string? PlanId, string? AppGuid, JsonElement? BindResource, JsonElement? Parameters, string? PredecessorBindingId);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Path, BindAsync);
        routes.MapGet(Path, GetAsync);
        DeleteBrokerBinding.Map(routes, Path);
    }

    static async Task<IResult> BindAsync(
        HttpContext http, string id, string binding, ResellerCommands commands, ReadResourceCredentials credentials, CommandEnd end, BrokerWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await DialectJson.ReadAsync<Bind>(http.Request, DialectJson.Snake, cancel) is not { ServiceId: not null, PlanId: not null } body)
            return BrokerAnswers.Refuse(400, null, "The request must name service_id and plan_id.");
        if ((await BrokerCatalog.ReadAsync(db, by, cancel)).Find(body.ServiceId, body.PlanId) is null)
            return BrokerAnswers.Refuse(400, null, "There is no such service or plan in the catalog.");
        if (await db.FindResourceAsync(by, id, cancel) is not { IsLiving: true } resource)
            return BrokerAnswers.Refuse(404, null, ResellerProblems.ResourceNotFound.Detail);
        var hash = Convert.ToHexStringLower(ResourceLookup.Hash(id, body.AppGuid, body.BindResource?.GetRawText(), body.Parameters.IsEmpty() ? null : body.Parameters!.Value.GetRawText(), body.PredecessorBindingId));

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, id, cancel);
        var record = await db.FindRecordAsync(by, PlatformRecordKinds.Binding, binding, cancel);
        if (record is not null && (record.EndedAt is not null || record.Read<BrokerBinding>().Hash != hash))
            return BrokerAnswers.Refuse(409, null, "This binding's id came with something else before.");
        var isNew = record is null;
        if (isNew)
        {
            if (body.PredecessorBindingId is { } predecessor && (await db.FindRecordAsync(by, PlatformRecordKinds.Binding, predecessor, cancel) is not { EndedAt: null } older || older.ResourceId != resource.Id))
                return BrokerAnswers.Refuse(400, null, "There is no service binding with the id of the predecessor.");
            if (await credentials.RunAsync(by, resource, cancel) is null)
                return BrokerAnswers.IsBusy();
            var result = await commands.GiveKeyAsync(by, new ResourceRequest(id), binding, cancel);
            if (!result.IsAccepted)
                return BrokerAnswers.Refuse(result);
            record = db.AddRecord(by, PlatformRecordKinds.Binding, binding, result.Resource!, new BrokerBinding(result.Operation!.Value.ToString(), hash, body.Parameters), clock);
            await work.AuditAsync(http, by, result.Resource!, "platform.bind", cancel);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return await AnswerAsync(http, by, resource, record!, isNew, credentials, end, cancel);
    }

    static async Task<IResult> AnswerAsync(HttpContext http, ResellerCaller by, ManagedResource resource, PlatformRecord record, bool isNew, ReadResourceCredentials credentials, CommandEnd end, CancellationToken cancel)
    {
        var (named, _, parameters) = record.Read<BrokerBinding>();
        _ = OperationId.TryParse(named, out var operation);
        var isAsync = http.Request.AcceptsIncomplete();
        // Platforms of before 2.14 know no bindings that take time.
        var state = await end.AwaitAsync(by, resource, operation, isAsync ? TimeSpan.Zero : PlatformSettings.Of(by.Integration).WaitFor, cancel);
        if (state == EndState.UnderWay && isAsync)
            return BrokerAnswers.Json(202, new { operation = named });
        if (state != EndState.Succeeded || await credentials.RunAsync(by, resource, cancel, record.ExternalId) is not { } found)
            return BrokerAnswers.Refuse(500, null, "The binding's password could not be set up in time.");
        return BrokerAnswers.Json(isNew ? 201 : 200, Describe(found, parameters));
    }

    static async Task<IResult> GetAsync(HttpContext http, string id, string binding, ReadResourceCredentials credentials, CommandEnd end, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindResourceAsync(by, id, cancel) is not { IsLiving: true } resource
            || await db.FindRecordAsync(by, PlatformRecordKinds.Binding, binding, cancel) is not { EndedAt: null } record || record.ResourceId != resource.Id)
            return BrokerAnswers.Refuse(404, null, "There is no service binding with this id.");
        var (named, _, parameters) = record.Read<BrokerBinding>();
        _ = OperationId.TryParse(named, out var operation);
        return await end.ReadAsync(by, resource, operation, cancel) == EndState.Succeeded && await credentials.RunAsync(by, resource, cancel, binding) is { } found
            ? BrokerAnswers.Json(200, Describe(found, parameters))
            : BrokerAnswers.Refuse(404, null, "This service binding is not there yet.");
    }

    static object Describe(ResourceCredentials found, JsonElement? parameters) => new
    {
        credentials = new { uri = found.FaktoryUrl, host = found.Host, port = found.Port, password = found.Password, tls = found.Tls, ca = found.Ca },
        endpoints = (object[])[new { host = found.Host, ports = (string[])[found.Port.ToString(CultureInfo.InvariantCulture)], protocol = "tcp" }],
        parameters = parameters.IsEmpty() ? null : parameters,
    };
}
