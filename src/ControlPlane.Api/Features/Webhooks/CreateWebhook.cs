using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>POST /v1/reseller/webhooks</summary>
static class CreateWebhook
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/webhooks", HandleAsync)
        .Describe("Webhooks", "create_webhook", "Be told what happens", "Each delivery is a POST that is signed with the secret, which is shown in this answer and never again. It is tried again for three days, with growing pauses.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new CreateWebhookRequest("https://hooks.resale.example/faktory", [WebhookEvents.ResourceProvisioned, WebhookEvents.ResourceFailed]))
        .Answers<WebhookSecretResponse>(201)
        .Refuses(Webhooking.UrlInvalid, Webhooking.EventsInvalid, Webhooking.TooMany);

    static async Task<Answer<WebhookSecretResponse>> HandleAsync(
        CreateWebhookRequest request, Caller caller, ResellerCaller by, SecretSealer sealer, IOptions<WebhookOptions> options, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!WebhookTargets.IsAcceptable(request.Url, options.Value))
            return Webhooking.UrlInvalid;
        var events = (request.Events ?? []).Distinct().ToList();
        if (events.Except(WebhookEvents.All).Any())
            return Webhooking.EventsInvalid;
        await db.Database.ExecuteSqlAsync($"SELECT FROM organizations WHERE id = {caller.Organization.Value} FOR UPDATE", cancel);
        var reseller = by.Reseller.Id;
        if (await db.WebhookEndpoints.CountAsync(e => e.ResellerId == reseller, cancel) >= WebhookEndpoint.EndpointsMax)
            return Webhooking.TooMany;
        var id = WebhookId.New(clock);
        var (secret, sealedSecret) = Webhooking.NewSecret(sealer, caller.Organization, id);
        var endpoint = new WebhookEndpoint { Id = id, ResellerId = reseller, OrganizationId = caller.Organization, Url = request.Url, Events = events, SealedSecret = sealedSecret, CreatedAt = clock.GetUtcNow() };
        db.WebhookEndpoints.Add(endpoint);
        db.Write(caller.Organization, caller.Actor, "webhook.created", id.ToString(), request.Url, clock);
        return Answer.Created(new WebhookSecretResponse(endpoint.ToResource(), secret), "/v1/reseller/webhooks");
    }
}
