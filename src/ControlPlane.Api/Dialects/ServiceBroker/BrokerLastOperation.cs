using System.Globalization;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>…/last_operation of instances and of bindings.</summary>
static class BrokerLastOperation
{
    const int RetryAfterSeconds = 2;

    /// <summary>A question about what is under way is held this long, and answered at once when it ends: a platform knows it then and not at its next question, and asks less.</summary>
    internal static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(1);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/service_instances/{id}/last_operation", OfInstanceAsync);
        routes.MapGet("/service_instances/{id}/service_bindings/{binding}/last_operation", OfBindingAsync);
    }

    static async Task<IResult> OfInstanceAsync(HttpContext http, string id, string? operation, BrokerWork work, CommandEnd end, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindResourceAsync(by, id, cancel) is not { } resource)
            return BrokerAnswers.Refuse(404, null, ResellerProblems.ResourceNotFound.Detail);
        return await AnswerAsync(http, by, resource, operation ?? resource.OperationId.ToString(), isGone: !resource.IsLiving, work, end, cancel);
    }

    static async Task<IResult> OfBindingAsync(HttpContext http, string id, string binding, string? operation, BrokerWork work, CommandEnd end, ControlPlaneDb db, CancellationToken cancel)
    {
        var by = http.Reseller();
        if (await db.FindResourceAsync(by, id, cancel) is not { } resource || await db.FindRecordAsync(by, PlatformRecordKinds.Binding, binding, cancel) is not { } record || record.ResourceId != resource.Id)
            return BrokerAnswers.Refuse(404, null, "There is no service binding with this id.");
        return await AnswerAsync(http, by, resource, operation ?? record.Read<BrokerBinding>().Operation, isGone: record.EndedAt is not null, work, end, cancel);
    }

    static async Task<IResult> AnswerAsync(HttpContext http, ResellerCaller by, ManagedResource resource, string named, bool isGone, BrokerWork work, CommandEnd end, CancellationToken cancel)
    {
        if (!OperationId.TryParse(named, out var operation) || await work.ReadAsync(by, resource, operation, cancel) is not { } found)
            return BrokerAnswers.Refuse(400, null, "There is no such operation on this service instance.");
        if (!found.IsFinished && await end.AwaitAsync(by, resource, operation, HeldFor, cancel) != EndState.UnderWay)
            found = (await work.ReadAsync(by, resource, operation, cancel))!;
        if (!found.IsFinished)
            http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return found.State switch
        {
            // What has been deleted is gone, and the platform takes that for a success.
            OperationState.Succeeded when isGone => BrokerAnswers.Empty(410),
            OperationState.Succeeded => Say("succeeded", null),
            OperationState.Failed => Say("failed", found.Error),
            _ => Say("in progress", found.Step),
        };
    }

    static IResult Say(string state, string? description) => BrokerAnswers.Json(200, new { state, description });
}
