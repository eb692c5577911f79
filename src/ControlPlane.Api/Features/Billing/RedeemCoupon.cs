using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Billing;

/// <summary>POST /v1/billing/coupons</summary>
static class RedeemCoupon
{
    static readonly Problem NotValid = new("coupon_invalid", 422, "There is no coupon with this code, or it has expired or been used up.");
    static readonly Problem UsedAlready = new("coupon_redeemed", 409, "Your organization has redeemed this coupon already.");
    static readonly Problem OtherCurrency = new("coupon_other_currency", 409, "This coupon is for another currency than the one that you are billed in.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/billing/coupons", HandleAsync)
        .Describe("Billing", "redeem_coupon", "Redeem a coupon", "It counts for the invoices that follow.")
        .AllowMember(Role.Billing, TokenScopes.BillingWrite)
        .WithMetadata(new SensitiveCall())
        .Example(new RedeemCouponRequest("WELCOME"))
        .Answers<BillingResource>(200)
        .Refuses(NotValid, UsedAlready, OtherCurrency);

    static async Task<Answer<BillingResource>> HandleAsync(
        RedeemCouponRequest request, Caller caller, PlanPurchase purchase, ControlPlaneDb db, BillingMode mode, IOptions<DunningDays> days, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock,
        CancellationToken cancel)
    {
        var (code, now) = (request.Code.Trim().ToUpperInvariant(), billing.GetUtcNow());
        var account = await purchase.OpenAsync(caller, cancel);
        if (await db.CouponRedemptions.AnyAsync(r => r.Code == code, cancel))
            return UsedAlready;
        // The row's lock makes fifty at a time one after the other: the last one left is given once.
        await db.Database.ExecuteSqlAsync($"SELECT FROM coupons WHERE code = {code} FOR UPDATE", cancel);
        if (await db.Coupons.SingleOrDefaultAsync(c => c.Code == code, cancel) is not { EndedAt: null } coupon || coupon.ExpiresAt <= now || coupon.Redemptions >= coupon.RedemptionsMax)
            return NotValid;
        if (coupon.Currency is { } currency && currency != account.Currency)
            return OtherCurrency;
        coupon.Redemptions++;
        db.CouponRedemptions.Add(new CouponRedemption
        {
            OrganizationId = caller.Organization,
            Code = code,
            RedeemedAt = now,
            EndsAt = coupon.Duration == CouponDuration.Repeating ? now.AddMonths(coupon.Months ?? 1) : null,
        });
        await db.InFleetAsync(() => purchase.SayDetailsAsync(account, cancel), cancel);
        db.Write(caller.Organization, caller.Actor, "coupon.redeemed", code, null, clock);
        await db.SaveChangesAsync(cancel);
        return await db.ReadBillingAsync(account, mode, days.Value, now, cancel);
    }
}
