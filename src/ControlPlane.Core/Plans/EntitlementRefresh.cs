using System.Collections.Immutable;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Plans;

/// <summary>Computes what an instance is entitled to from what is stored, and keeps it when it has changed.</summary>
public static class EntitlementRefresh
{
    /// <summary>Adds to what the caller saves. New instances and changed plans are computed from the tracked instance.</summary>
    /// <returns>The row, and whether it says something new.</returns>
    public static async Task<(InstanceEntitlements Row, bool IsChanged)> RefreshEntitlementsAsync(this ControlPlaneDb db, Instance instance, TimeProvider clock, CancellationToken cancel)
    {
        var values = await ComputeAsync(db, instance, clock.GetUtcNow(), cancel);
        var row = db.InstanceEntitlements.Local.FirstOrDefault(e => e.InstanceId == instance.Id) ?? await db.InstanceEntitlements.SingleOrDefaultAsync(e => e.InstanceId == instance.Id, cancel);
        if (row is null)
        {
            row = new InstanceEntitlements
            {
                InstanceId = instance.Id,
                OrganizationId = instance.OrganizationId,
                Version = 1,
                Values = InstanceEntitlements.Write(values),
                ComputedAt = clock.GetUtcNow(),
            };
            db.InstanceEntitlements.Add(row);
            return (row, true);
        }
        if (row.ToValues().SequenceEqual(values))
            return (row, false);
        (row.Values, row.ComputedAt) = (InstanceEntitlements.Write(values), clock.GetUtcNow());
        row.Version++;
        return (row, true);
    }

    /// <summary>The same, and where limits of a running instance changed, the operation that brings them to it.</summary>
    public static async Task<bool> RefreshAndApplyAsync(this ControlPlaneDb db, Instance instance, TimeProvider clock, CancellationToken cancel)
    {
        var (_, isChanged) = await db.RefreshEntitlementsAsync(instance, clock, cancel);
        if (!isChanged || instance.Desired != DesiredState.Running)
            return isChanged;
        instance.Generation++;
        await db.WakeAsync(instance.Id.ToString(), clock, cancel);
        db.File(OperationKinds.InstanceChangePlan, instance.OrganizationId, instance.Id.ToString(), null, clock);
        return true;
    }

    /// <summary>All instances of an organization, for example after a change of its debts.</summary>
    public static async Task RefreshOrganizationAsync(this ControlPlaneDb db, OrganizationId organization, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var instance in await db.Instances.Where(i => i.OrganizationId == organization && i.Desired != DesiredState.Deleted).OrderBy(i => i.Id).ToListAsync(cancel))
            await db.RefreshAndApplyAsync(instance, clock, cancel);
    }

    static async Task<ImmutableSortedDictionary<string, string>> ComputeAsync(ControlPlaneDb db, Instance instance, DateTimeOffset now, CancellationToken cancel)
    {
        var offer = await db.ReadOfferAsync(instance.PlanKey, instance.PlanVersion, cancel);
        var addOns = await (
            from item in db.SubscriptionItems
            where item.OrganizationId == instance.OrganizationId && item.IsAddOn && item.State != SubscriptionItemState.Ended && (item.InstanceId == null || item.InstanceId == instance.Id)
            join value in db.PlanEntitlements on new { item.PlanKey, Version = item.PlanVersion } equals new { value.PlanKey, value.Version }
            select new { item.Id, item.Quantity, value.Key, value.Value }).ToListAsync(cancel);
        var overrides = await db.EntitlementOverrides
            .Where(o => o.OrganizationId == instance.OrganizationId && (o.InstanceId == null || o.InstanceId == instance.Id) && o.RevokedAt == null && (o.ExpiresAt == null || o.ExpiresAt > now))
            .OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => new KeyValuePair<string, string>(o.Key, o.Value)).ToListAsync(cancel);
        var account = await db.BillingAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.OrganizationId == instance.OrganizationId, cancel);
        var mask = db.BillingAccounts.Local.FirstOrDefault(a => a.OrganizationId == instance.OrganizationId)?.Mask ?? account?.Mask ?? DunningMask.None;
        var values = EffectiveEntitlements.Of(
            offer.Values, addOns.GroupBy(a => a.Id).Select(g => new AddOnValues(g.ToImmutableSortedDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal), g.First().Quantity)), overrides, mask);
        return await NamePlansAsync(db, values, cancel);
    }

    /// <summary>Clients that use a feature which is off are told which plan has it.</summary>
    static async Task<ImmutableSortedDictionary<string, string>> NamePlansAsync(ControlPlaneDb db, ImmutableSortedDictionary<string, string> values, CancellationToken cancel)
    {
        var off = values.Where(v => v.Key.StartsWith(EntitlementKeys.FeaturePrefix, StringComparison.Ordinal) && v.Value == "false").Select(v => v.Key).ToList();
        if (off.Count == 0)
            return values;
        var having = await (
            from plan in db.Plans
            where plan.IsPublic && !plan.IsAddOn
            join value in db.PlanEntitlements on new { plan.Key, Version = plan.CurrentVersion } equals new { Key = value.PlanKey, value.Version }
            where off.Contains(value.Key) && value.Value == "true"
            select new { value.Key, plan.Name, plan.Position }).ToListAsync(cancel);
        return having.GroupBy(h => h.Key).Aggregate(values, (named, g) => named.SetItem(g.Key, g.MinBy(h => h.Position)!.Name));
    }
}
