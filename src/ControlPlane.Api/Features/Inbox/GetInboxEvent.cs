using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Inbox;

/// <summary>GET /v1/operator/webhooks/{id}</summary>
static class GetInboxEvent
{
    internal static readonly Problem NotFound = new("event_not_found", 404, "There is no event with this id. Events are kept for 90 days.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/webhooks/{id}", HandleAsync)
        .Describe("Operator", "get_inbox_event", "Read what a payment provider said", "With the body as it was signed. It may name a customer: who reads it is in the audit log.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<InboxEventDetailResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<InboxEventDetailResource>> HandleAsync(string id, ControlPlaneDb db, CancellationToken cancel)
    {
        if (!InboxEventId.TryParse(id, out var eventId) || await db.InboxEvents.AsNoTracking().SingleOrDefaultAsync(e => e.Id == eventId, cancel) is not { } stored)
            return NotFound;
        return new InboxEventDetailResource(stored.ToResource(), stored.Payload);
    }
}
