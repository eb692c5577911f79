using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Catalogue;

/// <summary>POST /v1/operator/coupons/{id}/end</summary>
static class EndCoupon
{
    static readonly Problem NotFound = new("coupon_not_found", 404, "There is no coupon with this code.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/coupons/{id}/end", HandleAsync)
        .Describe("Operator", "end_coupon", "End a coupon", "Nobody can redeem it any more; those who have keep it.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Answers<CouponResource>(200)
        .Refuses(NotFound);

    static async Task<Answer<CouponResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Coupons.SingleOrDefaultAsync(c => c.Code == id, cancel) is not { } coupon)
            return NotFound;
        coupon.EndedAt ??= billing.GetUtcNow();
        db.Write(null, caller.OperatorActor, "coupon.ended", coupon.Code, null, clock);
        return coupon.ToResource();
    }
}
