using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>POST /v1/billing/checkout</summary>
static class StartCheckout
{
    static readonly Problem RunsAlready = new("subscription_running", 409, "Your organization pays already: change the instance's plan instead, with POST /v1/instances/{id}/change-plan.");
    static readonly Problem NotPaid = new("plan_free", 409, "This plan costs nothing. Move the instance to it with POST /v1/instances/{id}/change-plan.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/billing/checkout", HandleAsync)
        .Describe("Billing", "start_checkout", "Open the page where the first plan is paid for",
            "Where Stripe collects. The instance keeps its plan until the page is paid, and then has the new one within seconds. A page that was opened before expires.")
        .AllowMember(Role.Billing, TokenScopes.BillingWrite)
        .WithMetadata(new SensitiveCall())
        .Example(new CheckoutRequest("pro", "ins_01jd3m0v9k8q6r5t4w2x1y0z7a"))
        .Answers<ProviderPageResource>(201)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, InstanceAdmission.PlanUnknown, InstanceAdmission.QuotaReached, NotPaid, RunsAlready, ProviderPages.NotHere, PlanPurchase.PaymentOverdue, PlanPurchase.PriceMissing, PlanPurchase.NotForSale);

    static async Task<Answer<ProviderPageResource>> HandleAsync(
        CheckoutRequest request, Caller caller, InstanceAdmission admission, PlanPurchase purchase, ProviderPages pages, IOptions<ApiOptions> options, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        await db.LockBillingAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(request.InstanceId, clock, cancel);
        if (instance is null)
            return refusal!;
        if (await admission.FindPlanAsync(request.Plan, cancel) is not { } offer)
            return InstanceAdmission.PlanUnknown.Saying($"There is no plan with the key {request.Plan}. GET /v1/plans lists them.");
        if (offer.IsFree)
            return NotPaid;
        if (await RefuseAsync(caller, instance, offer, admission, purchase, cancel) is { } refused)
            return refused;
        return await db.InFleetAsync(async () =>
        {
            if (pages.Of(await purchase.OpenAsync(caller, cancel)) is not var (account, provider))
                return (Answer<ProviderPageResource>)ProviderPages.NotHere;
            var portal = options.Value.PortalAddress;
            var back = new ReturnAddresses(new Uri(portal, "billing?done=checkout"), new Uri(portal, $"instances/{instance.Id}"));
            try
            {
                if (await provider.CheckOutAsync(db, account, instance, offer, back, caller.Actor.Id, cancel) is not { } page)
                    return RunsAlready;
                db.Write(caller.Organization, caller.Actor, "checkout.started", instance.Id.ToString(), offer.Plan.Key, clock);
                return Answer.Created(new ProviderPageResource(page.Address, page.ExpiresAt));
            }
            catch (PriceMissingException missing)
            {
                return PlanPurchase.PriceMissing.Saying($"{missing.Message} Choose another plan, or ask the operator.");
            }
        }, cancel);
    }

    static async Task<Problem?> RefuseAsync(Caller caller, Instance instance, PlanOffer offer, InstanceAdmission admission, PlanPurchase purchase, CancellationToken cancel) =>
        await purchase.RefuseGrowthAsync(caller.Organization, cancel) ?? (offer.Plan.Key == instance.PlanKey ? null : await admission.RefuseOneMoreAsync(offer, cancel)) ?? await purchase.RefuseSaleAsync(offer.Plan, cancel);
}
