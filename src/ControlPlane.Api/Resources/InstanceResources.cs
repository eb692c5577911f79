using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class InstanceResources
{
    internal static InstanceResource ToResource(this Instance instance, Operation? operation, DateTimeOffset now, PlannedChange? planned = null) => new(
        instance.Id.ToString(),
        instance.Name,
        instance.PlanKey,
        instance.Region,
        ShownState(instance).ToText(),
        instance.Health.ToText(),
        instance.Version,
        instance is { Host: { } host, Port: { } port } ? new EndpointResource(host, port, instance.Tls) : null,
        instance.CreatedAt,
        instance.DeletedAt,
        instance.PurgeAt,
        instance.PreviousPasswordExpiresAt > now ? instance.PreviousPasswordExpiresAt : null,
        operation?.ToResource(),
        planned?.NextPlan,
        planned?.NextPlanAt,
        planned?.TrialEndsAt,
        instance.IsSuspendedForDebt);

    /// <summary>
    /// What was last observed, seen in the light of what was asked for since: a customer who just pressed "delete" reads
    /// "deleting", although the Provisioner has not begun.
    /// </summary>
    internal static InstanceState ShownState(Instance instance) => (instance.Desired, instance.State) switch
    {
        (DesiredState.Deleted, InstanceState.Deleted) => InstanceState.Deleted,
        (DesiredState.Deleted, _) => InstanceState.Deleting,
        (DesiredState.Suspended, InstanceState.Suspended or InstanceState.Failed) => instance.State,
        (DesiredState.Suspended, _) => InstanceState.Suspending,
        (DesiredState.Running, InstanceState.Suspending or InstanceState.Suspended or InstanceState.Deleting or InstanceState.Deleted) => InstanceState.Resuming,
        _ => instance.State,
    };

    internal static async Task<InstanceResource> ReadInstanceAsync(this ControlPlaneDb db, InstanceId id, DateTimeOffset now, CancellationToken cancel) =>
        (await db.ToResourcesAsync([await db.Instances.AsNoTracking().SingleAsync(i => i.Id == id, cancel)], now, cancel))[0];

    /// <summary>With the operation that each one is in the middle of.</summary>
    internal static async Task<IReadOnlyList<InstanceResource>> ToResourcesAsync(this ControlPlaneDb db, IReadOnlyList<Instance> instances, DateTimeOffset now, CancellationToken cancel)
    {
        if (instances.Count == 0)
            return [];
        var operations = await db.FindUnfinishedAsync([.. instances.Select(i => i.Id.ToString())], cancel);
        var planned = await db.FindPlannedAsync([.. instances.Select(i => i.Id)], cancel);
        return [.. instances.Select(instance => instance.ToResource(operations.GetValueOrDefault(instance.Id.ToString()), now, planned.GetValueOrDefault(instance.Id)))];
    }

    static async Task<Dictionary<InstanceId, PlannedChange>> FindPlannedAsync(this ControlPlaneDb db, List<InstanceId> instances, CancellationToken cancel)
    {
        var items = await (
            from item in db.SubscriptionItems.AsNoTracking()
            join account in db.BillingAccounts.AsNoTracking() on item.OrganizationId equals account.OrganizationId
            where instances.Contains(item.InstanceId!.Value) && !item.IsAddOn && item.State != SubscriptionItemState.Ended
            select new { item, account }).ToListAsync(cancel);
        return items.ToDictionary(i => i.item.InstanceId!.Value, i => Planned(i.item, i.account));
    }

    static PlannedChange Planned(SubscriptionItem item, BillingAccount account)
    {
        var trialEndsAt = item.State == SubscriptionItemState.Trialing ? item.TrialEndsAt : null;
        return (item.CancelsAtPeriodEnd ? SeedPlans.FreeKey : item.NextPlanKey) is { } next
            ? new PlannedChange(next, trialEndsAt ?? account.PeriodEnd, trialEndsAt)
            : new PlannedChange(null, null, trialEndsAt);
    }

    /// <summary>What will change by itself.</summary>
    internal sealed record PlannedChange(string? NextPlan, DateTimeOffset? NextPlanAt, DateTimeOffset? TrialEndsAt);
}
