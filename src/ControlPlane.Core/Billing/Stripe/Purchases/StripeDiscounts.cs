using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>What makes a running subscription's invoices less or more than its prices: redeemed coupons, in their order, and tax.</summary>
sealed class StripeDiscounts(IStripeClient stripe, StripeReductions reductions, [FromKeyedServices(BillingClock.Key)] TimeProvider billing)
{
    internal async Task SayAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is not { } id)
            return;
        var service = new SubscriptionService(stripe);
        var subscription = await service.GetAsync(id, new() { Expand = ["discounts"] }, cancellationToken: cancel);
        if (!SubscriptionConvergence.IsLiving(subscription))
            return;
        var options = new SubscriptionUpdateOptions();
        var had = subscription.Discounts?.Select(d => d.Source?.CouponId ?? d.Source?.Coupon?.Id).ToList() ?? [];
        var missing = new List<string>();
        foreach (var coupon in await db.ReadCouponsAsync(account, billing.GetUtcNow(), cancel))
            if (!had.Contains(coupon.Code))
                missing.Add(await reductions.EnsureCouponAsync(coupon, cancel));
        if (missing is not [])
            options.Discounts = [.. (subscription.Discounts ?? []).Select(d => new SubscriptionDiscountOptions { Discount = d.Id }), .. missing.Select(c => new SubscriptionDiscountOptions { Coupon = c })];
        var rate = await reductions.EnsureTaxRateAsync(account.TaxRatePpm, cancel);
        var hasRate = subscription.DefaultTaxRates?.Select(r => r.Id).SingleOrDefault() == rate;
        if (!hasRate)
            options.DefaultTaxRates = rate is null ? [] : [rate];
        if (missing is not [] || !hasRate)
            await service.UpdateAsync(id, options, cancellationToken: cancel);
    }
}
