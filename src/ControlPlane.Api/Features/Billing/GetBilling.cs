using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>GET /v1/billing</summary>
static class GetBilling
{
    // In the group of changes: the first look opens the account.
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/billing", HandleAsync)
        .Describe("Billing", "get_billing", "See how your organization is billed", "The subscription with its items, the period, the balance, coupons, and what is overdue.")
        .AllowMember(Role.Billing, TokenScopes.BillingRead)
        .Answers<BillingResource>(200);

    static async Task<Answer<BillingResource>> HandleAsync(
        Caller caller, PlanPurchase purchase, ControlPlaneDb db, BillingMode mode, IOptions<DunningDays> days, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        await db.ReadBillingAsync(await purchase.OpenAsync(caller, cancel), mode, days.Value, billing.GetUtcNow(), cancel);
}
