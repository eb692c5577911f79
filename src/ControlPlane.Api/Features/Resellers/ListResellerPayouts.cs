using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/payouts</summary>
static class ListResellerPayouts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/payouts", HandleAsync)
        .Describe("Resellers", "list_reseller_payouts", "List your payouts", "Newest first.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<PayoutResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<PayoutResource>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel)
    {
        var party = by.Reseller.Party;
        return (await db.ReadInFleetAsync(() => db.Payouts.AsNoTracking().Where(p => p.PartyKind == party.Kind && p.PartyId == party.Id).ReadPageAsync(p => p.Id, page, cancel))).Select(p => p.ToResource());
    }
}
