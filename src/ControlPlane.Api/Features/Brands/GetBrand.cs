using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Brands;

/// <summary>GET /v1/brand</summary>
static class GetBrand
{
    static readonly Problem NotFound = new("brand_not_found", 404, "No brand is shown under this host.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/brand", HandleAsync)
        .Describe("Brands", "get_brand", "See which brand a host shows", "What a visitor of that host sees anyway. A domain counts once it was verified.")
        .AllowEverybody()
        .Answers<BrandResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<BrandResource>> HandleAsync(string? host, ControlPlaneDb db, CancellationToken cancel)
    {
        var wanted = host?.ToLowerInvariant();
        var label = await db.ReadInFleetAsync(() => db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.Domain == wanted && l.DomainVerifiedAt != null, cancel));
        return label is null ? NotFound : label.ToBrand();
    }
}
