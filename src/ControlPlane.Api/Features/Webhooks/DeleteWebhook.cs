using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Webhooks;

/// <summary>DELETE /v1/reseller/webhooks/{id}</summary>
static class DeleteWebhook
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/reseller/webhooks/{id}", HandleAsync)
        .Describe("Webhooks", "delete_webhook", "Delete a webhook", "With its deliveries, also those that are on their way.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .AnswersNothing()
        .Refuses(Webhooking.NotFound);

    static async Task<Answer<object>> HandleAsync(string id, Caller caller, ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(by, id, cancel) is not { } endpoint)
            return Webhooking.NotFound;
        await db.WebhookDeliveries.Where(d => d.WebhookId == endpoint.Id && d.ResellerId == endpoint.ResellerId).ExecuteDeleteAsync(cancel);
        db.WebhookEndpoints.Remove(endpoint);
        db.Write(caller.Organization, caller.Actor, "webhook.deleted", endpoint.Id.ToString(), endpoint.Url, clock);
        return Answer.NoContent<object>();
    }
}
