using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Reconciliation;

/// <summary>POST /v1/operator/reconciliation/{id}/close</summary>
static class CloseDifference
{
    static readonly Problem NotFound = new("difference_not_found", 404, "There is no difference with this id.");
    static readonly Problem Resolved = new("difference_resolved", 409, "The difference is resolved already.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/reconciliation/{id}/close", HandleAsync)
        .Describe("Operator", "close_difference", "Say that a difference is dealt with", "The reason is kept with it. Where it is still there at the next comparison, it is found anew.")
        .AllowOperator(TokenScopes.BillingWrite)
        .WithMetadata(new DecisionCall())
        .Example(new ReasonRequest("refunded by hand at the provider, booked as jrn_…"))
        .Answers<DifferenceResource>(200)
        .Refuses(NotFound, Resolved);

    static async Task<Answer<DifferenceResource>> HandleAsync(string id, ReasonRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!DifferenceId.TryParse(id, out var differenceId)
            || (await db.Differences.FromSql($"SELECT * FROM differences WHERE id = {differenceId.Value} FOR UPDATE").ToListAsync(cancel)).SingleOrDefault() is not { } difference)
            return NotFound;
        if (difference.ResolvedAt is not null)
            return Resolved;
        (difference.ResolvedAt, difference.ClosedBy, difference.CloseReason) = (clock.GetUtcNow(), caller.OperatorActor.Id, request.Reason);
        db.Write(null, caller.OperatorActor, "difference.closed", id, $"{difference.Kind.ToText()} {difference.Subject}: {request.Reason}", clock);
        return difference.ToResource();
    }
}
