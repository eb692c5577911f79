using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>GET /v1/reseller/statements</summary>
static class ListResellerStatements
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reseller/statements", HandleAsync)
        .Describe("Resellers", "list_reseller_statements", "List your statements", "Those that were issued, the oldest first, by month and currency.")
        .AllowReseller(Role.Billing, TokenScopes.BillingRead)
        .Answers<Page<StatementSummary>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<StatementSummary>>> HandleAsync([AsParameters] PageRequest page, ResellerCaller by, ControlPlaneDb db, CancellationToken cancel) =>
        await db.ReadStatementsAsync(by.Reseller.Party, page, cancel);
}
