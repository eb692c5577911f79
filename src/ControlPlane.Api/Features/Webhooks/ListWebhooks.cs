using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>GET /v1/reseller/webhooks</summary>
static class ListWebhooks
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/webhooks", HandleAsync)
        .Describe("Webhooks", "list_webhooks", "List webhooks", "Newest first; without their secrets.")
        .AllowReseller(Role.Viewer, TokenScopes.ResellerRead)
        .Answers<Page<WebhookResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<WebhookResource>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel)
    {
        var reseller = by.Reseller.Id;
        return (await db.WebhookEndpoints.AsNoTracking().Where(e => e.ResellerId == reseller).ReadPageAsync(e => e.Id, page, cancel)).Select(ResellerResources.ToResource);
    }
}
