using System.Collections.Immutable;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Plans;

/// <summary>A version of a plan with everything it says.</summary>
public sealed record PlanOffer(Plan Plan, PlanVersion Version, IReadOnlyList<PlanPrice> Prices, ImmutableSortedDictionary<string, string> Values)
{
    public bool IsFree => Prices.All(p => p.AmountMinor == 0);

    /// <summary>The limits of an instance that has nothing but this plan.</summary>
    public InstanceLimits Limits => InstanceLimits.From(EffectiveEntitlements.Of(Values, [], [], DunningMask.None));

    public PlanPrice? PriceIn(string currency, BillingInterval interval) => Prices.FirstOrDefault(p => p.Currency == currency && p.Interval == interval);
}

/// <summary>Reading what is on offer, and what was sold.</summary>
public static class Catalogue
{
    /// <summary>The current version of each plan, the cheapest first, add-ons last.</summary>
    public static async Task<List<PlanOffer>> ReadCatalogueAsync(this ControlPlaneDb db, CancellationToken cancel)
    {
        var current = from plan in db.Plans join version in db.PlanVersions on new { plan.Key, Version = plan.CurrentVersion } equals new { Key = version.PlanKey, version.Version } select new { plan, version };
        var found = await current.AsNoTracking().OrderBy(f => f.plan.Position).ToListAsync(cancel);
        var prices = await (from price in db.PlanPrices join plan in db.Plans on new { Key = price.PlanKey, price.Version } equals new { plan.Key, Version = plan.CurrentVersion } select price).AsNoTracking().ToListAsync(cancel);
        var values = await (from value in db.PlanEntitlements join plan in db.Plans on new { Key = value.PlanKey, value.Version } equals new { plan.Key, Version = plan.CurrentVersion } select value).AsNoTracking().ToListAsync(cancel);
        return [.. found.Select(f => Offer(f.plan, f.version, prices.Where(p => p.PlanKey == f.plan.Key), values.Where(v => v.PlanKey == f.plan.Key)))];
    }

    /// <param name="version">The current one when null.</param>
    public static async Task<PlanOffer?> FindOfferAsync(this ControlPlaneDb db, string key, int? version, CancellationToken cancel)
    {
        if (await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Key == key, cancel) is not { } plan)
            return null;
        var number = version ?? plan.CurrentVersion;
        if (await db.PlanVersions.AsNoTracking().SingleOrDefaultAsync(v => v.PlanKey == key && v.Version == number, cancel) is not { } found)
            return null;
        return Offer(
            plan, found, await db.PlanPrices.AsNoTracking().Where(p => p.PlanKey == key && p.Version == number).ToListAsync(cancel),
            await db.PlanEntitlements.AsNoTracking().Where(e => e.PlanKey == key && e.Version == number).ToListAsync(cancel));
    }

    /// <exception cref="InvalidOperationException">There is none, although something was sold by it.</exception>
    public static async Task<PlanOffer> ReadOfferAsync(this ControlPlaneDb db, string key, int version, CancellationToken cancel) =>
        await db.FindOfferAsync(key, version, cancel) ?? throw new InvalidOperationException($"the plan {key} has no version {version}");

    static PlanOffer Offer(Plan plan, PlanVersion version, IEnumerable<PlanPrice> prices, IEnumerable<PlanEntitlement> values) => new(
        plan, version, [.. prices.OrderByDescending(p => p.Currency == "USD").ThenBy(p => p.Currency, StringComparer.Ordinal).ThenBy(p => p.Interval)],
        values.ToImmutableSortedDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal));
}
