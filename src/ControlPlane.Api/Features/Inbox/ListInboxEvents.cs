using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Inbox;

/// <summary>GET /v1/operator/webhooks</summary>
static class ListInboxEvents
{
    static readonly Problem StateInvalid = new("invalid_state", 400, "An event's state is pending, done, ignored, parked, dead or skipped.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/webhooks", HandleAsync)
        .Describe("Operator", "list_inbox_events", "List what payment providers said", "Newest first; narrowed with ?state=dead, ?type=invoice.paid and ?object=in_…. Without what was sent: read one for that.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<InboxEventResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, StateInvalid);

    static async Task<Answer<Page<InboxEventResource>>> HandleAsync([AsParameters] PageRequest page, string? state, string? type, string? @object, ControlPlaneDb db, CancellationToken cancel)
    {
        var events = db.InboxEvents.AsNoTracking();
        if (state is not null)
        {
            if (!LowercaseEnum<InboxState>.TryParse(state, out var wanted))
                return StateInvalid;
            events = events.Where(e => e.State == wanted);
        }
        if (type is not null)
            events = events.Where(e => e.Type == type);
        if (@object is not null)
            events = events.Where(e => e.ObjectId == @object);
        return (await events.ReadPageAsync(e => e.Id, page, cancel)).Select(e => e.ToResource());
    }
}
