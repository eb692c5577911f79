using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Features.Catalogue;

/// <summary>GET /v1/operator/plans</summary>
static class ListOffers
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/plans", HandleAsync)
        .Describe("Operator", "list_offers", "List all plans and add-ons", "Those that are not public included, each with its current version.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<PlanOfferResource>>(200);

    static async Task<Answer<Page<PlanOfferResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new Page<PlanOfferResource>([.. (await db.ReadCatalogueAsync(cancel)).Select(o => o.ToOffer())], null);
}
