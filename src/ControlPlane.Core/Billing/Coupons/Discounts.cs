using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Coupons;

/// <summary>Which coupons reduce an invoice.</summary>
static class Discounts
{
    /// <summary>In the order in which they were redeemed. A coupon of an amount counts in its currency only.</summary>
    internal static async Task<List<Discount>> ReadDiscountsAsync(this ControlPlaneDb db, BillingAccount account, DateTimeOffset at, CancellationToken cancel) =>
        [.. (await db.ReadCouponsAsync(account, at, cancel)).Select(coupon => new Discount(coupon.Code, coupon.PercentPpm, coupon.AmountMinor))];

    /// <summary>Those that count at the moment, in the same order.</summary>
    internal static Task<List<Coupon>> ReadCouponsAsync(this ControlPlaneDb db, BillingAccount account, DateTimeOffset at, CancellationToken cancel) => (
        from redemption in db.CouponRedemptions
        join coupon in db.Coupons on redemption.Code equals coupon.Code
        where redemption.OrganizationId == account.OrganizationId && redemption.UsedAt == null && (redemption.EndsAt == null || redemption.EndsAt > at)
            && (coupon.Currency == null || coupon.Currency == account.Currency)
        orderby redemption.RedeemedAt, redemption.Code
        select coupon).ToListAsync(cancel);

    /// <summary>Coupons for one invoice have had it.</summary>
    /// <param name="codes">Those that were on it; null for all.</param>
    internal static async Task UseUpAsync(this ControlPlaneDb db, BillingAccount account, IReadOnlyCollection<string>? codes, DateTimeOffset at, CancellationToken cancel)
    {
        var once = from redemption in db.CouponRedemptions
                   join coupon in db.Coupons on redemption.Code equals coupon.Code
                   where redemption.OrganizationId == account.OrganizationId && redemption.UsedAt == null && coupon.Duration == CouponDuration.Once && (codes == null || codes.Contains(coupon.Code))
                   select redemption;
        foreach (var redemption in await once.ToListAsync(cancel))
            redemption.UsedAt = at;
    }
}
