using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>POST /v1/reseller/webhooks/{id}/rotate-secret</summary>
static class RotateWebhookSecret
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/webhooks/{id}/rotate-secret", HandleAsync)
        .Describe("Webhooks", "rotate_webhook_secret", "Give a webhook a new secret", "For 24 hours deliveries are signed with both. The new one is shown in this answer and never again.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Answers<WebhookSecretResponse>(200)
        .Refuses(Webhooking.NotFound);

    static async Task<Answer<WebhookSecretResponse>> HandleAsync(string id, Caller caller, ResellerCaller by, SecretSealer sealer, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(by, id, cancel) is not { } endpoint)
            return Webhooking.NotFound;
        var (secret, sealedSecret) = Webhooking.NewSecret(sealer, endpoint.OrganizationId, endpoint.Id);
        (endpoint.SealedPreviousSecret, endpoint.PreviousSecretExpiresAt, endpoint.SealedSecret) = (endpoint.SealedSecret, clock.GetUtcNow() + Webhooking.Overlap, sealedSecret);
        db.Write(caller.Organization, caller.Actor, "webhook.secret_rotated", endpoint.Id.ToString(), null, clock);
        return new WebhookSecretResponse(endpoint.ToResource(), secret);
    }
}
