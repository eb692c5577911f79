using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>Refusals in the specification's form (spec.md, Service Broker Errors).</summary>
static class BrokerAnswers
{
    internal const string AsyncRequired = "AsyncRequired", ConcurrencyError = "ConcurrencyError", MaintenanceInfoConflict = "MaintenanceInfoConflict";

    /// <param name="InstanceUsable">After a refused update: what there was goes on.</param>
    internal sealed record Error([property: System.Text.Json.Serialization.JsonPropertyName("error")] string? Code, string Description, bool? InstanceUsable = null, bool? UpdateRepeatable = null);

    internal static IResult Refuse(int status, string? error, string description) => Json(status, new Error(error, description));

    internal static IResult NeedsAsync() => Refuse(422, AsyncRequired, "This takes longer than a request: send accepts_incomplete=true.");

    internal static IResult IsBusy() => Refuse(422, ConcurrencyError, "Another operation on this service instance is in progress.");

    /// <summary>What a command was refused for, as a status that tells the platform whether to clean up: none of these left anything behind.</summary>
    internal static IResult Refuse(CommandResult result) => result switch
    {
        { Outcome: CommandOutcome.Conflict } => Refuse(409, null, ResellerProblems.Conflict.Detail),
        { Outcome: CommandOutcome.Gone } => Refuse(409, null, ResellerProblems.Gone.Detail),
        { Outcome: CommandOutcome.NotFound } => Refuse(404, null, ResellerProblems.ResourceNotFound.Detail),
        _ => Refuse(StatusOf(result.Refusal!), null, result.Refusal!.Detail),
    };

    /// <summary>409 has a meaning of its own in this protocol, and 403 would be of the platform, not of what it asked for.</summary>
    internal static int StatusOf(Problem problem) => problem.Status is 409 or 402 or 403 ? 422 : problem.Status;

    internal static IResult Json<T>(int status, T body) => Results.Json(body, DialectJson.Snake, statusCode: status);

    internal static IResult Empty(int status) => Results.Json(new object(), DialectJson.Snake, statusCode: status);

    /// <returns>Null where the query says nothing of it.</returns>
    internal static bool AcceptsIncomplete(this HttpRequest request) => request.Query["accepts_incomplete"] is ["true"];

    internal static bool IsEmpty(this JsonElement? parameters) => parameters is not { } given || given.ValueKind is JsonValueKind.Null || (given.ValueKind == JsonValueKind.Object && !given.EnumerateObject().Any());
}
