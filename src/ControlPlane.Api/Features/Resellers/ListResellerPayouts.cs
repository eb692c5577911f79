using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/payouts</summary>
static class ListResellerPayouts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/payouts", HandleAsync)
        .Describe("Resellers", "list_reseller_payouts", "List your payouts", "Newest first.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<PayoutResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<PayoutResource>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) =>
        await db.ReadPayoutsAsync(by.Reseller.Party, page, cancel);
}
