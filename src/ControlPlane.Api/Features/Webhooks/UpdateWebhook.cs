using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>PATCH /v1/reseller/webhooks/{id}</summary>
static class UpdateWebhook
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("/reseller/webhooks/{id}", HandleAsync)
        .Describe("Webhooks", "update_webhook", "Change a webhook, or disable it", "Only what is given changes. A disabled one is told nothing, and what is on its way waits.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new UpdateWebhookRequest(Disabled: true))
        .Answers<WebhookResource>(200)
        .Refuses(Webhooking.NotFound, Webhooking.UrlInvalid, Webhooking.EventsInvalid);

    static async Task<Answer<WebhookResource>> HandleAsync(
        string id, UpdateWebhookRequest request, Caller caller, ResellerCaller by, IOptions<WebhookOptions> options, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(by, id, cancel) is not { } endpoint)
            return Webhooking.NotFound;
        if (request.Url is { } url && !WebhookTargets.IsAcceptable(url, options.Value))
            return Webhooking.UrlInvalid;
        if (request.Events?.Except(WebhookEvents.All).Any() == true)
            return Webhooking.EventsInvalid;
        endpoint.Url = request.Url ?? endpoint.Url;
        endpoint.Events = request.Events is { } events ? [.. events.Distinct()] : endpoint.Events;
        if (request.Disabled is { } disabled)
            endpoint.DisabledAt = disabled ? endpoint.DisabledAt ?? clock.GetUtcNow() : null;
        db.Write(caller.Organization, caller.Actor, "webhook.changed", endpoint.Id.ToString(), endpoint.DisabledAt is null ? endpoint.Url : "disabled", clock);
        return endpoint.ToResource();
    }
}
