using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Stripe.Catalogue;

/// <summary>Everything that is sold, at Stripe: once in a process, and again when something was added to it.</summary>
sealed class StripeCatalogue(StripePrices prices, StripeReductions reductions)
{
    (int Prices, int Coupons) synced;

    internal async Task SyncAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var sold = await (
            from price in db.PlanPrices.AsNoTracking()
            where price.AmountMinor > 0
            join version in db.PlanVersions.AsNoTracking() on new { price.PlanKey, price.Version } equals new { version.PlanKey, version.Version }
            where version.SealedAt != null
            orderby price.PlanKey, price.Version, price.Currency, price.Interval
            select price).ToListAsync(cancel);
        var coupons = await db.Coupons.AsNoTracking().Where(c => c.EndedAt == null).OrderBy(c => c.Code).ToListAsync(cancel);
        if (synced == (sold.Count, coupons.Count))
            return;
        foreach (var price in sold)
            await prices.EnsureAsync(db, price, cancel);
        foreach (var coupon in coupons)
            await reductions.EnsureCouponAsync(coupon, cancel);
        synced = (sold.Count, coupons.Count);
    }
}
