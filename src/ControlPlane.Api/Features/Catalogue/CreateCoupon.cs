using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Catalogue;

/// <summary>POST /v1/operator/coupons</summary>
static class CreateCoupon
{
    static readonly Problem Taken = new("coupon_taken", 409, "There is a coupon with this code already.");
    static readonly Problem TermsInvalid = new("invalid_coupon", 422, "A coupon has either a percentage, or an amount with its currency; a repeating one says for how many months.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/coupons", HandleAsync)
        .Describe("Operator", "create_coupon", "Make a coupon", "Several of one customer count one after the other, each on what the last left.")
        .AllowOperator(TokenScopes.BillingWrite)
        .Example(new CreateCouponRequest("WELCOME", "repeating", 250_000, Months: 3))
        .Answers<CouponResource>(201)
        .Refuses(Taken, TermsInvalid);

    static async Task<Answer<CouponResource>> HandleAsync(
        CreateCouponRequest request, Caller caller, ControlPlaneDb db, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        var isAmount = request.AmountMinor is not null;
        if (isAmount == (request.PercentPpm is not null) || (isAmount && !Currency.TryParse(request.Currency, out _)) || (request.Duration == "repeating") != (request.Months is not null))
            return TermsInvalid;
        if (await db.Coupons.AnyAsync(c => c.Code == request.Code, cancel))
            return Taken;
        var coupon = new Coupon
        {
            Code = request.Code,
            PercentPpm = request.PercentPpm,
            AmountMinor = request.AmountMinor,
            Currency = isAmount ? Currency.Parse(request.Currency!).Code : null,
            Duration = LowercaseEnum<CouponDuration>.Parse(request.Duration),
            Months = request.Months,
            RedemptionsMax = request.RedemptionsMax,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
            CreatedBy = caller.OperatorActor.Id,
            CreatedAt = billing.GetUtcNow(),
        };
        db.Coupons.Add(coupon);
        db.Write(null, caller.OperatorActor, "coupon.created", coupon.Code, null, clock);
        return Answer.Created(coupon.ToResource());
    }
}
