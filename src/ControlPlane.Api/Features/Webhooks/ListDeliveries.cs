using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>GET /v1/reseller/deliveries</summary>
static class ListDeliveries
{
    static readonly Problem StateInvalid = new("invalid_state", 400, "A delivery's state is pending, delivered or dead.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/deliveries", HandleAsync)
        .Describe("Webhooks", "list_deliveries", "List deliveries", "Newest first; narrowed with ?state=dead, which are those that were given up, and ?webhook=whk_….")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<Page<DeliveryResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid, StateInvalid, Webhooking.NotFound);

    static async Task<Answer<Page<DeliveryResource>>> HandleAsync([AsParameters] PageRequest page, string? state, string? webhook, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        var deliveries = db.WebhookDeliveries.AsNoTracking().Where(d => d.ResellerId == reseller);
        if (state is not null)
        {
            if (!LowercaseEnum<DeliveryState>.TryParse(state, out var wanted))
                return StateInvalid;
            deliveries = deliveries.Where(d => d.State == wanted);
        }
        if (webhook is not null)
        {
            if (await db.FindWebhookAsync(by, webhook, cancel) is not { Id: var endpoint })
                return Webhooking.NotFound;
            deliveries = deliveries.Where(d => d.WebhookId == endpoint);
        }
        return (await deliveries.ReadPageAsync(d => d.Id, page, cancel)).Select(ResellerResources.ToResource);
    }
}
