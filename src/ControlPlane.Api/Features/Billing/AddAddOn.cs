using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>POST /v1/billing/add-ons</summary>
static class AddAddOn
{
    static readonly Problem Unknown = new("add_on_unknown", 422, "There is no add-on with this key. GET /v1/add-ons lists them.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/billing/add-ons", HandleAsync)
        .Describe("Billing", "add_add_on", "Add something to an instance's plan", "Its limits grow at once, while it runs; the rest of the period is charged.")
        .AllowMember(Role.Admin, TokenScopes.BillingWrite)
        .Example(new AddAddOnRequest("storage-10gb", "ins_01jd3m0v9k8q6r5t4w2x1y0z7a"))
        .Answers<BillingResource>(201)
        .Refuses([InstanceLookup.NotFound, InstanceLookup.Deleted, Unknown, .. PlanPurchase.Refusals]);

    static async Task<Answer<BillingResource>> HandleAsync(
        AddAddOnRequest request, Caller caller, PlanPurchase purchase, BillingProviders providers, ControlPlaneDb db, BillingMode mode, IOptions<DunningDays> days, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        // Before the instance, as whatever changes instances because of money does it.
        await db.LockBillingAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(request.InstanceId, clock, cancel);
        if (instance is null)
            return refusal!;
        if (await db.FindOfferAsync(request.AddOn, null, cancel) is not { Plan: { IsAddOn: true, IsPublic: true } } offer)
            return Unknown;
        if (await purchase.RefuseGrowthAsync(caller.Organization, cancel) is { } overdue)
            return overdue;
        return await db.InFleetAsync(async () =>
        {
            var account = await purchase.OpenAsync(caller, cancel);
            if (offer.PriceIn(account.Currency, account.Interval) is null)
                return (Answer<BillingResource>)PlanPurchase.PriceMissing;
            var result = await providers.Of(account).AddAddOnAsync(db, account, instance, offer, request.Quantity, purchase.PostedBy(caller.Actor, account), cancel);
            if (PlanPurchase.RefusalOf(result) is { } unpaid)
                return unpaid;
            await db.RefreshAndApplyAsync(instance, clock, cancel);
            db.Write(caller.Organization, caller.Actor, "add_on.added", instance.Id.ToString(), $"{request.Quantity} {offer.Plan.Key} to {instance.Name}", clock);
            await db.SaveChangesAsync(cancel);
            return Answer.Created(await db.ReadBillingAsync(account, mode, days.Value, billing.GetUtcNow(), cancel));
        }, cancel);
    }
}
