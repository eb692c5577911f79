using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>POST /v1/reseller/webhooks/{id}/test</summary>
static class TestWebhook
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/webhooks/{id}/test", HandleAsync)
        .Describe("Webhooks", "test_webhook", "Send a test", "An event `webhook.test` on its way like any other; read what became of it at /v1/reseller/deliveries/{id}.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<DeliveryResource>(201)
        .Refuses(Webhooking.NotFound);

    static async Task<Answer<DeliveryResource>> HandleAsync(string id, ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) =>
        await db.FindWebhookAsync(by, id, cancel) is { } endpoint
            ? Answer.Created(db.AddDelivery(endpoint, WebhookEvents.Test, new { message = "This is a test." }, clock).ToResource())
            : Webhooking.NotFound;
}
