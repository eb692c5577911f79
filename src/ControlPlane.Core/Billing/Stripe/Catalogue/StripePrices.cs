using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Catalogue;

/// <summary>What a price at Stripe is for.</summary>
/// <param name="IsOverage">Of use beyond what the plan includes, counted by a meter.</param>
sealed record PricedPlan(string PlanKey, int Version, bool IsOverage)
{
    internal PlanTerms Terms => new(PlanKey, Version);
}

/// <summary>A plan as it was sold.</summary>
readonly record struct PlanTerms(string PlanKey, int Version);

/// <summary>Stripe has a plan at another price than we do. Prices at Stripe never change: the other one has to be archived there, and its lookup key freed.</summary>
public sealed class CatalogueDiffersException(string message) : InvalidOperationException(message);

/// <summary>The catalogue at Stripe, by lookup keys: what is missing is made, and what differs is refused. Any thread may ask.</summary>
sealed class StripePrices(IStripeClient stripe)
{
    internal const string PlanEntry = "plan", VersionEntry = "version", KindEntry = "kind", Overage = "overage";

    readonly ConcurrentDictionary<string, string> ids = new();
    readonly ConcurrentDictionary<string, PricedPlan?> known = new();
    readonly ConcurrentDictionary<string, bool> products = new();
    readonly PriceService prices = new(stripe);
    readonly StripeMeters meters = new(stripe);

    /// <summary>The ids of the plan's prices at Stripe, made there where they are missing. The second is of use beyond what is included, where that is charged.</summary>
    internal async Task<(string Plan, string? Overage)> EnsureAsync(ControlPlaneDb db, PlanPrice price, CancellationToken cancel)
    {
        var plan = await EnsureAsync(db, price, price.LookupKey, price.AmountMinor, null, cancel);
        if (price.OverageMinor is not { } each)
            return (plan, null);
        var meter = await meters.EnsureAsync(price, cancel);
        return (plan, await EnsureAsync(db, price, $"{price.LookupKey}-{Overage}", each, meter, cancel));
    }

    /// <summary>What a price is for; null for one that was made by hand.</summary>
    internal async Task<PricedPlan?> ResolveAsync(string id, CancellationToken cancel)
    {
        if (known.TryGetValue(id, out var plan))
            return plan;
        return Remember(await prices.GetAsync(id, cancellationToken: cancel));
    }

    internal PricedPlan? Remember(Price price) => known.GetOrAdd(price.Id, _ => Read(price));

    static PricedPlan? Read(Price price) =>
        price.Metadata.TryGetValue(PlanEntry, out var plan) && price.Metadata.TryGetValue(VersionEntry, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new PricedPlan(plan, version, price.Metadata.GetValueOrDefault(KindEntry) == Overage)
            : null;

    async Task<string> EnsureAsync(ControlPlaneDb db, PlanPrice price, string lookupKey, long amountMinor, string? meter, CancellationToken cancel)
    {
        if (ids.TryGetValue(lookupKey, out var id))
            return id;
        var found = (await prices.ListAsync(new() { LookupKeys = [lookupKey], Active = true, Limit = 1 }, cancellationToken: cancel)).FirstOrDefault();
        if (found is null)
            found = await prices.CreateAsync(await DescribeAsync(db, price, lookupKey, amountMinor, meter, cancel), cancellationToken: cancel);
        else if (found.UnitAmount != amountMinor || !string.Equals(found.Currency, price.Currency, StringComparison.OrdinalIgnoreCase) || found.Recurring?.Interval != IntervalOf(price) || Remember(found)?.PlanKey != price.PlanKey)
            throw new CatalogueDiffersException(
                $"Stripe's price {found.Id} ({lookupKey}) is {found.UnitAmount} {found.Currency} each {found.Recurring?.Interval}, and here it is {amountMinor} {price.Currency} each {IntervalOf(price)}. Archive it at Stripe and free its lookup key.");
        Remember(found);
        return ids[lookupKey] = found.Id;
    }

    async Task<PriceCreateOptions> DescribeAsync(ControlPlaneDb db, PlanPrice price, string lookupKey, long amountMinor, string? meter, CancellationToken cancel)
    {
        var metadata = new Dictionary<string, string> { [PlanEntry] = price.PlanKey, [VersionEntry] = price.Version.ToString(CultureInfo.InvariantCulture) };
        if (meter is not null)
            metadata[KindEntry] = Overage;
        var recurring = new PriceRecurringOptions { Interval = IntervalOf(price) };
        if (meter is not null)
            (recurring.UsageType, recurring.Meter) = ("metered", meter);
        return new PriceCreateOptions
        {
            Product = await EnsureProductAsync(db, price.PlanKey, meter is not null, cancel),
            Currency = price.Currency.ToLowerInvariant(),
            UnitAmount = amountMinor,
            Recurring = recurring,
            LookupKey = lookupKey,
            Metadata = metadata,
            TaxBehavior = "exclusive",
        };
    }

    /// <summary>Its id is ours, so that whoever comes second finds it.</summary>
    async Task<string> EnsureProductAsync(ControlPlaneDb db, string planKey, bool isOverage, CancellationToken cancel)
    {
        var id = isOverage ? $"plan-{planKey}-{Overage}" : $"plan-{planKey}";
        if (products.ContainsKey(id))
            return id;
        var service = new ProductService(stripe);
        try
        {
            await service.GetAsync(id, cancellationToken: cancel);
        }
        catch (StripeException missing) when (missing.StripeError?.Code == "resource_missing")
        {
            var name = await db.Plans.Where(p => p.Key == planKey).Select(p => p.Name).SingleAsync(cancel);
            await service.CreateAsync(new() { Id = id, Name = isOverage ? $"{name}: further jobs" : name, Metadata = new() { [PlanEntry] = planKey } }, cancellationToken: cancel);
        }
        products[id] = true;
        return id;
    }

    static string IntervalOf(PlanPrice price) => price.Interval == BillingInterval.Month ? "month" : "year";
}
