using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Features.Plans;

/// <summary>GET /v1/plans</summary>
static class ListPlans
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/plans", HandleAsync)
        .Describe("Plans", "list_plans", "List plans with prices and limits", "Public. The cheapest first.")
        .AllowEverybody()
        .Answers<Page<PlanResource>>(200);

    static async Task<Answer<Page<PlanResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new Page<PlanResource>([.. (await db.ReadCatalogueAsync(cancel)).Where(o => o.Plan is { IsPublic: true, IsAddOn: false }).Select(o => o.ToResource())], null);
}
