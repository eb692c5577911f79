using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Inbox;

/// <summary>POST /v1/operator/webhooks/{id}/replay</summary>
static class ReplayInboxEvent
{
    static readonly Problem NothingToRead = new("event_not_readable", 409, "Nobody here can read this event, so there is nothing to try again. Mend the cause, send it again from the provider, and skip this one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/webhooks/{id}/replay", HandleAsync)
        .Describe("Operator", "replay_inbox_event", "Try an event again", "What it is about is read anew and applied, at once and as often as for a new event. Harmless where it was applied already.")
        .AllowOperator(TokenScopes.BillingWrite)
        .WithMetadata(new DecisionCall())
        .Answers<InboxEventResource>(200)
        .Refuses(GetInboxEvent.NotFound, NothingToRead);

    static async Task<Answer<InboxEventResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.LockEventAsync(id, cancel) is not { } stored)
            return GetInboxEvent.NotFound;
        var before = stored.State;
        if (!stored.Replay(clock.GetUtcNow()))
            return NothingToRead;
        db.Write(null, caller.OperatorActor, "webhook.replayed", id, $"{stored.Type} of {stored.ObjectType} {stored.ObjectId}, was {before.ToText()}", clock);
        await db.SaveChangesAsync(cancel);
        // Only new rows tell the workers by themselves.
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify('inbox_events', '')", cancel);
        return stored.ToResource();
    }

    internal static async Task<InboxEvent?> LockEventAsync(this ControlPlaneDb db, string id, CancellationToken cancel)
    {
        if (!InboxEventId.TryParse(id, out var eventId))
            return null;
        return (await db.InboxEvents.FromSql($"SELECT * FROM inbox_events WHERE id = {eventId.Value} FOR UPDATE").ToListAsync(cancel)).SingleOrDefault();
    }
}
