using System.Globalization;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Usage;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Subscriptions;

/// <summary>What the end of a trial and the end of a period bring, for accounts whose invoices are ours. Under the account's lock; running it again finds nothing left to do.</summary>
public static class Renewal
{
    /// <summary>Jobs in a block of overage; a begun block counts.</summary>
    public const long OverageBlockJobs = 100_000;

    /// <param name="billing">The time that money goes by; <paramref name="clock"/> is the instances'.</param>
    /// <returns>The invoices that were issued, in order.</returns>
    public static async Task<List<Invoice>> RenewAsync(this ControlPlaneDb db, BillingAccount account, PostedBy by, TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        var issued = new List<Invoice>();
        while (true)
        {
            var now = billing.GetUtcNow();
            var trial = await db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State == SubscriptionItemState.Trialing && i.TrialEndsAt <= now)
                .OrderBy(i => i.TrialEndsAt).FirstOrDefaultAsync(cancel);
            // Whichever comes first: a trial that ends within a period is charged for the rest of it.
            if (trial is not null && !(account.PeriodEnd <= trial.TrialEndsAt))
                Add(issued, await EndTrialAsync(db, account, trial, by, billing, clock, cancel));
            else if (account.PeriodEnd <= now)
                Add(issued, await EndPeriodAsync(db, account, by, billing, clock, cancel));
            else if (trial is not null)
                Add(issued, await EndTrialAsync(db, account, trial, by, billing, clock, cancel));
            else
                return issued;
            await db.SaveChangesAsync(cancel);
        }
    }

    static async Task<Invoice?> EndTrialAsync(ControlPlaneDb db, BillingAccount account, SubscriptionItem item, PostedBy by, TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        var at = item.TrialEndsAt!.Value;
        if (item.CancelsAtPeriodEnd)
        {
            await ToFreeAsync(db, item, at, clock, cancel);
            return null;
        }
        var (start, end) = await db.PeriodForAsync(account, at, cancel);
        await db.BeginPeriodAsync(account, at, cancel);
        item.State = SubscriptionItemState.Active;
        await db.SaveChangesAsync(cancel);
        var offer = await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
        var line = Proration.Charge(offer, PlanChanges.PriceOf(offer, account), item.InstanceId, await AboutAsync(db, item, cancel), item.Quantity, at, start, end);
        return await Subscribing.IssueAsync(db, account, await PlanChanges.DraftAsync(db, account, [line], at, cancel), InvoiceReason.Start, by, billing, cancel);
    }

    static async Task<Invoice?> EndPeriodAsync(ControlPlaneDb db, BillingAccount account, PostedBy by, TimeProvider billing, TimeProvider clock, CancellationToken cancel)
    {
        var (start, end) = (account.PeriodStart!.Value, account.PeriodEnd!.Value);
        var items = await db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State == SubscriptionItemState.Active).OrderBy(i => i.Id).ToListAsync(cancel);
        var lines = new List<DraftLine>();
        foreach (var item in items)
        {
            if (await OverageAsync(db, account, item, start, end, cancel) is { } overage)
                lines.Add(overage);
            if (item.CancelsAtPeriodEnd)
                await ToFreeAsync(db, item, end, clock, cancel);
            else if (item.NextPlanKey is not null)
                await ToNextAsync(db, item, clock, cancel);
        }

        account.PeriodIndex++;
        if (items.All(i => !i.IsLiving))
            (account.AnchorAt, account.PeriodIndex) = (null, 0);
        foreach (var item in items.Where(i => i.IsLiving))
        {
            var offer = await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
            lines.Add(Proration.Charge(offer, PlanChanges.PriceOf(offer, account), item.InstanceId, await AboutAsync(db, item, cancel), item.Quantity, end, end, account.PeriodEnd!.Value));
        }
        await db.SaveChangesAsync(cancel);
        return await Subscribing.IssueAsync(db, account, await PlanChanges.DraftAsync(db, account, lines, end, cancel), InvoiceReason.Renewal, by, billing, cancel);
    }

    static async Task<DraftLine?> OverageAsync(ControlPlaneDb db, BillingAccount account, SubscriptionItem item, DateTimeOffset start, DateTimeOffset end, CancellationToken cancel)
    {
        if (item.IsAddOn || item.InstanceId is not { } instance)
            return null;
        var offer = await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
        if (await db.UsagePeriods.SingleOrDefaultAsync(u => u.InstanceId == instance && u.PeriodStart == start, cancel) is not { } used || await BlocksAsync(db, account, item, used, cancel) is not (> 0 and var blocks))
            return null;
        var (included, about) = (await IncludedAsync(db, account, instance, cancel), await AboutAsync(db, item, cancel));
        return new DraftLine(
            string.Create(CultureInfo.InvariantCulture, $"{used.Jobs - included:N0} jobs beyond {included:N0}{about}"),
            offer.Plan.ProductKey, offer.Plan.Key, offer.Version.Version, instance, blocks, checked(blocks * offer.PriceIn(account.Currency, account.Interval)!.OverageMinor!.Value), start, end, IsProration: false);
    }

    /// <summary>Begun blocks of jobs beyond what is included; null where the plan charges nothing for them.</summary>
    internal static async Task<long?> BlocksAsync(ControlPlaneDb db, BillingAccount account, SubscriptionItem item, UsagePeriod used, CancellationToken cancel)
    {
        var offer = await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
        return offer.PriceIn(account.Currency, account.Interval)?.OverageMinor is null ? null
            : (Math.Max(0, used.Jobs - await IncludedAsync(db, account, used.InstanceId, cancel)) + OverageBlockJobs - 1) / OverageBlockJobs;
    }

    static async Task<long> IncludedAsync(ControlPlaneDb db, BillingAccount account, InstanceId instance, CancellationToken cancel)
    {
        var entitled = await db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == instance, cancel);
        return long.Parse(entitled.ToValues().GetValueOrDefault(EntitlementKeys.JobsIncluded, "0"), CultureInfo.InvariantCulture) * (account.Interval == BillingInterval.Year ? 12 : 1);
    }

    internal static async Task ToFreeAsync(ControlPlaneDb db, SubscriptionItem item, DateTimeOffset at, TimeProvider clock, CancellationToken cancel)
    {
        item.End(at);
        await db.SaveChangesAsync(cancel);
        if (!item.IsAddOn)
            await MoveAsync(db, item, await db.FindOfferAsync(SeedPlans.FreeKey, null, cancel) ?? throw new InvalidOperationException("there is no free plan"), clock, cancel);
        else if (await db.Instances.SingleOrDefaultAsync(i => i.Id == item.InstanceId && i.Desired != DesiredState.Deleted, cancel) is { } instance)
            await db.RefreshAndApplyAsync(instance, clock, cancel);
    }

    internal static async Task ToNextAsync(ControlPlaneDb db, SubscriptionItem item, TimeProvider clock, CancellationToken cancel)
    {
        var next = await db.ReadOfferAsync(item.NextPlanKey!, item.NextPlanVersion!.Value, cancel);
        (item.PlanKey, item.PlanVersion, item.NextPlanKey, item.NextPlanVersion, item.NextDueAt) = (next.Plan.Key, next.Version.Version, null, null, null);
        await MoveAsync(db, item, next, clock, cancel);
    }

    // Never refused: what is beyond the smaller plan is kept, and the server takes nothing more until there is room.
    static async Task MoveAsync(ControlPlaneDb db, SubscriptionItem item, PlanOffer offer, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Instances.SingleOrDefaultAsync(i => i.Id == item.InstanceId, cancel) is not { } instance)
            return;
        (instance.PlanKey, instance.PlanVersion) = (offer.Plan.Key, offer.Version.Version);
        await db.RefreshAndApplyAsync(instance, clock, cancel);
    }

    static async Task<string> AboutAsync(ControlPlaneDb db, SubscriptionItem item, CancellationToken cancel) => item.InstanceId is { } id
        ? $" ({await db.Instances.Where(i => i.Id == id).Select(i => i.Name).SingleAsync(cancel)})"
        : "";

    static void Add(List<Invoice> issued, Invoice? invoice)
    {
        if (invoice is not null)
            issued.Add(invoice);
    }
}
