using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>POST /v1/reseller/deliveries/{id}/redeliver</summary>
static class Redeliver
{
    static readonly Problem StillPending = new("delivery_pending", 409, "This delivery is still being tried. It goes out again by itself at next_try_at.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/deliveries/{id}/redeliver", HandleAsync)
        .Describe("Webhooks", "redeliver", "Send a delivery once more", "Of one that arrived or that was given up: the same id and body, signed anew.")
        .AllowReseller(Role.Developer, TokenScopes.ResellerWrite)
        .Answers<DeliveryResource>(200)
        .Refuses(Webhooking.DeliveryNotFound, StillPending);

    static async Task<Answer<DeliveryResource>> HandleAsync(string id, ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindDeliveryAsync(by, id, cancel) is not { } delivery)
            return Webhooking.DeliveryNotFound;
        if (delivery.State == DeliveryState.Pending)
            return StillPending;
        (delivery.State, delivery.Tries, delivery.NextTryAt) = (DeliveryState.Pending, 0, clock.GetUtcNow());
        db.File(OperationKinds.WebhookDeliver, delivery.OrganizationId, delivery.Id.ToString(), new DeliverData(delivery.Id.ToString()), clock);
        return delivery.ToResource();
    }
}
