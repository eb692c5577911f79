using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Core.Billing.Coupons;
using Stripe;
using Coupon = ControlPlane.Core.Billing.Coupons.Coupon;

namespace ControlPlane.Core.Billing.Stripe.Catalogue;

/// <summary>Coupons and tax rates at Stripe: what is missing is made, and a coupon that differs is refused. Any thread may ask.</summary>
sealed class StripeReductions(IStripeClient stripe)
{
    const int PpmOfPercent = 10_000, PageMax = 100;
    const string RateEntry = "ppm";

    readonly ConcurrentDictionary<int, string> rates = new();
    readonly ConcurrentDictionary<string, bool> coupons = new();

    /// <summary>A tax rate on top of prices; null where there is no tax.</summary>
    internal async Task<string?> EnsureTaxRateAsync(int ratePpm, CancellationToken cancel)
    {
        if (ratePpm == 0)
            return null;
        if (rates.TryGetValue(ratePpm, out var id))
            return id;
        var (service, entry) = (new TaxRateService(stripe), ratePpm.ToString(CultureInfo.InvariantCulture));
        await foreach (var rate in service.ListAutoPagingAsync(new() { Active = true, Inclusive = false, Limit = PageMax }, cancellationToken: cancel))
            if (rate.Metadata.GetValueOrDefault(RateEntry) == entry)
                return rates[ratePpm] = rate.Id;
        var made = await service.CreateAsync(
            new() { DisplayName = "Tax", Inclusive = false, Percentage = (decimal)ratePpm / PpmOfPercent, Metadata = new() { [RateEntry] = entry } },
            new RequestOptions { IdempotencyKey = $"tax-rate-{entry}" }, cancel);
        return rates[ratePpm] = made.Id;
    }

    /// <summary>A coupon of ours at Stripe. Its id is the code.</summary>
    internal async Task<string> EnsureCouponAsync(Coupon coupon, CancellationToken cancel)
    {
        if (coupons.ContainsKey(coupon.Code))
            return coupon.Code;
        var service = new CouponService(stripe);
        try
        {
            var found = await service.GetAsync(coupon.Code, cancellationToken: cancel);
            if (found.PercentOff != PercentOf(coupon) || found.AmountOff != coupon.AmountMinor || !string.Equals(found.Duration, coupon.Duration.ToString(), StringComparison.OrdinalIgnoreCase))
                throw new CatalogueDiffersException($"Stripe has the coupon {coupon.Code} with other terms. Delete it there; customers who have it keep it.");
        }
        catch (StripeException missing) when (missing.StripeError?.Code == "resource_missing")
        {
            await service.CreateAsync(Describe(coupon), new RequestOptions { IdempotencyKey = $"coupon-{coupon.Code}" }, cancel);
        }
        coupons[coupon.Code] = true;
        return coupon.Code;
    }

    static CouponCreateOptions Describe(Coupon coupon)
    {
        var options = new CouponCreateOptions { Id = coupon.Code, Name = coupon.Code, Duration = coupon.Duration.ToString().ToLowerInvariant() };
        if (PercentOf(coupon) is { } percent)
            options.PercentOff = percent;
        else
            (options.AmountOff, options.Currency) = (coupon.AmountMinor, coupon.Currency!.ToLowerInvariant());
        if (coupon.Duration == CouponDuration.Repeating)
            options.DurationInMonths = coupon.Months ?? 1;
        return options;
    }

    static decimal? PercentOf(Coupon coupon) => coupon.PercentPpm is { } ppm ? (decimal)ppm / PpmOfPercent : null;
}
