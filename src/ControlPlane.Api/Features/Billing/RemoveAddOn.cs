using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Billing;

/// <summary>DELETE /v1/billing/add-ons/{id}</summary>
static class RemoveAddOn
{
    static readonly Problem NotFound = new("add_on_not_found", 404, "There is no add-on with this id in your organization.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/billing/add-ons/{id}", HandleAsync)
        .Describe("Billing", "remove_add_on", "Let an add-on end", "With the period that is paid for. Again it changes nothing.")
        .AllowMember(Role.Admin, TokenScopes.BillingWrite)
        .AnswersNothing()
        .Refuses(NotFound);

    static async Task<Answer<object>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!SubscriptionItemId.TryParse(id, out var itemId) || !await db.SubscriptionItems.AnyAsync(i => i.Id == itemId && i.IsAddOn && i.State != SubscriptionItemState.Ended, cancel))
            return NotFound;
        return await db.InFleetAsync(async () =>
        {
            var item = await db.SubscriptionItems.SingleAsync(i => i.Id == itemId, cancel);
            if (!item.CancelsAtPeriodEnd)
                db.Write(caller.Organization, caller.Actor, "add_on.cancelled", item.Id.ToString(), item.PlanKey, clock);
            await db.EndWithPeriodAsync(item, cancel);
            return Answer.NoContent<object>();
        }, cancel);
    }
}
