using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/contracts</summary>
static class ListResellerContracts
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/contracts", HandleAsync)
        .Describe("Resellers", "list_reseller_contracts", "List your contracts", "What you get, in versions that never change; newest first.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<ContractResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<ContractResource>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) =>
        await db.ReadContractsAsync(by.Reseller.Party, page, cancel);
}
