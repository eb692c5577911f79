using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Catalogue;

/// <summary>GET /v1/operator/coupons</summary>
static class ListCoupons
{
    const int NewestMax = 500;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/coupons", HandleAsync)
        .Describe("Operator", "list_coupons", "List coupons", "The newest 500.")
        .AllowOperator(TokenScopes.BillingRead)
        .Answers<Page<CouponResource>>(200);

    static async Task<Answer<Page<CouponResource>>> HandleAsync(ControlPlaneDb db, CancellationToken cancel) =>
        new Page<CouponResource>([.. (await db.Coupons.AsNoTracking().OrderByDescending(c => c.CreatedAt).ThenBy(c => c.Code).Take(NewestMax).ToListAsync(cancel)).Select(c => c.ToResource())], null);
}
