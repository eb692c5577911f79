using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Reconciliation;

/// <summary>What is paid for against what runs, of every customer, however it pays: paid for and absent, running and not paid for, and running as something else than what is paid for.</summary>
public sealed class EntitlementComparison : IComparison
{
    /// <summary>What was asked for a moment ago may still be on its way.</summary>
    static readonly TimeSpan settling = TimeSpan.FromMinutes(15);

    public ComparedKind Kind => ComparedKind.Entitlement;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var notes = new ComparisonNotes();
        var free = await db.Plans.Where(p => !p.IsAddOn && !db.PlanPrices.Any(x => x.PlanKey == p.Key && x.Version == p.CurrentVersion && x.AmountMinor > 0)).Select(p => p.Key).ToListAsync(cancel);
        var busy = await db.Operations.Where(o => (o.State == Operations.OperationState.Pending || o.State == Operations.OperationState.Running) && o.CreatedAt > now - settling).Select(o => o.Subject).ToListAsync(cancel);
        var items = await db.SubscriptionItems.AsNoTracking().Where(i => !i.IsAddOn && i.InstanceId != null && (i.State == SubscriptionItemState.Active || i.State == SubscriptionItemState.Trialing)).ToListAsync(cancel);
        var paid = items.ToLookup(i => i.InstanceId!.Value);
        var subscriptions = await db.BillingAccounts.AsNoTracking().Where(a => a.ProviderSubscriptionId != null).ToDictionaryAsync(a => a.OrganizationId, a => a.ProviderSubscriptionId!, cancel);
        var instances = await db.Instances.AsNoTracking().Where(i => i.Desired != DesiredState.Deleted || db.SubscriptionItems.Any(s => s.InstanceId == i.Id && s.State == SubscriptionItemState.Active)).ToListAsync(cancel);
        foreach (var instance in instances)
        {
            var subject = instance.Id.ToString();
            notes.Look(subject);
            if (busy.Contains(subject))
                continue;
            var plan = free.Contains(instance.PlanKey) ? "free" : instance.PlanKey;
            var item = paid[instance.Id].FirstOrDefault();
            if (instance.Desired == DesiredState.Deleted)
            {
                // Deleted and not renewed is as it should be; deleted and renewed is money for nothing.
                if (item is { CancelsAtPeriodEnd: false })
                    notes.MissingHere(subject, $"{item.PlanKey} is paid for", Mend(instance), instance.OrganizationId);
            }
            else if (item is null && plan != "free")
                notes.MissingThere(subject, $"runs as {plan}", instance.OrganizationId);
            else if (item is not null)
            {
                notes.Same(DifferenceClass.State, subject, instance.PlanKey, item.PlanKey, instance.OrganizationId);
                if (instance is { Desired: DesiredState.Running, State: InstanceState.Deleted } or { Desired: DesiredState.Running, State: InstanceState.Failed })
                    notes.MissingHere(subject, $"{item.PlanKey} is paid for", Mend(instance), instance.OrganizationId);
            }
        }
        return notes.ToCompared();

        InboxSubject? Mend(Instance instance) => subscriptions.TryGetValue(instance.OrganizationId, out var subscription) ? new("subscription", subscription) : null;
    }
}
