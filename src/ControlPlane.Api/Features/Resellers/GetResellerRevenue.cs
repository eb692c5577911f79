using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/revenue</summary>
static class GetResellerRevenue
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/revenue", HandleAsync)
        .Describe("Resellers", "get_reseller_revenue", "See what twelve months brought", PartyRevenue.Description)
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<PartyRevenueResponse>(200);

    static async Task<Answer<PartyRevenueResponse>> HandleAsync(ResellerCaller by, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, CancellationToken cancel) =>
        await db.ReadInFleetAsync(() => db.ReadPartyRevenueAsync(by.Reseller.Party, billing.GetUtcNow(), cancel));
}
