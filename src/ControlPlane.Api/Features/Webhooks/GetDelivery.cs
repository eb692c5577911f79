using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>GET /v1/reseller/deliveries/{id}</summary>
static class GetDelivery
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/deliveries/{id}", HandleAsync)
        .Describe("Webhooks", "get_delivery", "See what became of a delivery", "With the body as it is sent.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<DeliveryResource>(200)
        .Refuses(Webhooking.DeliveryNotFound);

    static async Task<Answer<DeliveryResource>> HandleAsync(string id, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) =>
        await db.FindDeliveryAsync(by, id, cancel) is { } delivery ? delivery.ToResource() : Webhooking.DeliveryNotFound;
}
