using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>DELETE …/service_bindings/{binding}: its password opens nothing any more.</summary>
static class DeleteBrokerBinding
{
    internal static void Map(IEndpointRouteBuilder routes, string path) => routes.MapDelete(path, HandleAsync);

    static async Task<IResult> HandleAsync(
        HttpContext http, string id, string binding, string? service_id, string? plan_id, ResellerCommands commands, CommandEnd end, BrokerWork work, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (string.IsNullOrEmpty(service_id) || string.IsNullOrEmpty(plan_id))
            return BrokerAnswers.Refuse(400, null, "The query must name service_id and plan_id.");
        if (await db.FindResourceAsync(by, id, cancel) is not { } resource)
            return BrokerAnswers.Empty(410);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockIdAsync(by, id, cancel);
        if (await db.FindRecordAsync(by, PlatformRecordKinds.Binding, binding, cancel) is not { EndedAt: null } record || record.ResourceId != resource.Id)
            return BrokerAnswers.Empty(410);
        var result = await commands.TakeKeyAsync(by, new ResourceRequest(id), binding, cancel);
        if (result.Outcome == CommandOutcome.Gone)
            return BrokerAnswers.Empty(410);
        if (!result.IsAccepted)
            return BrokerAnswers.Refuse(result);
        record = (await db.FindRecordAsync(by, PlatformRecordKinds.Binding, binding, cancel))!;
        var operation = result.Operation!.Value;
        record.Write(record.Read<BrokerBinding>() with { Operation = operation.ToString() });
        record.EndedAt = clock.GetUtcNow();
        await work.AuditAsync(http, by, resource, "platform.unbind", cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(CancellationToken.None);
        if (http.Request.AcceptsIncomplete())
            return BrokerAnswers.Json(202, new { operation = operation.ToString() });
        return await end.AwaitAsync(by, resource, operation, PlatformSettings.Of(by.Integration).WaitFor, cancel) == EndState.Succeeded
            ? BrokerAnswers.Empty(200)
            : BrokerAnswers.Refuse(500, null, "The binding's password could not be taken away in time.");
    }
}
