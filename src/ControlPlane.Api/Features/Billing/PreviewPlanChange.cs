using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Billing;

/// <summary>POST /v1/billing/preview</summary>
static class PreviewPlanChange
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/billing/preview", HandleAsync)
        .Describe("Billing", "preview_plan_change", "See what a change of plan costs",
            "To the cent, without doing it. Send `proration_at` and `total_minor` with the change within 10 minutes, as `proration_at` and `expected_total_minor`, and it costs exactly this or is refused.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Example(new PreviewRequest("pro"))
        .Answers<PreviewResource>(200)
        .Refuses(InstanceLookup.NotFound, InstanceAdmission.PlanUnknown, PlanPurchase.PriceMissing, PlanPurchase.NotForSale);

    static async Task<Answer<PreviewResource>> HandleAsync(
        PreviewRequest request, Caller caller, InstanceAdmission admission, PlanPurchase purchase, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await admission.FindPlanAsync(request.Plan, cancel) is not { } offer)
            return InstanceAdmission.PlanUnknown.Saying($"There is no plan with the key {request.Plan}. GET /v1/plans lists them.");
        var instance = request.InstanceId is null ? null : await db.FindInstanceAsync(request.InstanceId, clock, cancel);
        if (instance is null && request.InstanceId is not null)
            return InstanceLookup.NotFound;
        return await db.InFleetAsync(async () =>
        {
            var account = await purchase.OpenAsync(caller, cancel);
            var time = request.When == "now" ? ChangeTime.Now : ChangeTime.PeriodEnd;
            var (change, refusal) = await purchase.ComputeAsync(account, instance, instance?.Name ?? "new instance", offer, new PlanChoice(time), cancel);
            return change is null
                ? (Answer<PreviewResource>)refusal!
                : change.ToResource(await db.ReadCustomerBalanceAsync(account.OrganizationId, account.Currency, cancel));
        }, cancel);
    }
}
