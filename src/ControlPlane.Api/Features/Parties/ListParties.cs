using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Parties;

/// <summary>GET /v1/operator/parties</summary>
static class ListParties
{
    /// <summary>Vendors and resellers are dozens; somebody with more asks for an organization's by itself.</summary>
    const int CountMax = 10_000;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/parties", HandleAsync)
        .Describe("Operator", "list_parties", "List vendors and resellers", "With where their money goes. 10,000 at most.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<PartiesResponse>(200);

    static async Task<Answer<PartiesResponse>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new PartiesResponse([.. (await db.Parties.AsNoTracking().OrderBy(p => p.Kind).ThenBy(p => p.Id).Take(CountMax).ToListAsync(cancel)).Select(p => p.ToResource())]);
}
