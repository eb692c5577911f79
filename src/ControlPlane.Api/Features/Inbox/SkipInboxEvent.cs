using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;

namespace ControlPlane.Api.Features.Inbox;

/// <summary>POST /v1/operator/webhooks/{id}/skip</summary>
static class SkipInboxEvent
{
    static readonly Problem StateWrong = new("event_state", 409, "The event was applied, or needs nothing.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/webhooks/{id}/skip", HandleAsync)
        .Describe("Operator", "skip_inbox_event", "Leave an event unapplied", "For one that waits, is parked, or was tried as often as it may be. The reason is kept with it; it can still be replayed.")
        .AllowOperator(TokenScopes.BillingWrite)
        .WithMetadata(new DecisionCall())
        .Example(new ReasonRequest("of the other environment"))
        .Answers<InboxEventResource>(200)
        .Refuses(GetInboxEvent.NotFound, StateWrong);

    static async Task<Answer<InboxEventResource>> HandleAsync(string id, ReasonRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockEventAsync(id, cancel) is not { } stored)
            return GetInboxEvent.NotFound;
        if (!stored.Skip(request.Reason, clock.GetUtcNow()))
            return StateWrong.Saying($"The event is {stored.State.ToText()}: there is nothing to skip.");
        db.Write(null, caller.OperatorActor, "webhook.skipped", id, $"{stored.Type} of {stored.ObjectType} {stored.ObjectId}: {request.Reason}", clock);
        return stored.ToResource();
    }
}
