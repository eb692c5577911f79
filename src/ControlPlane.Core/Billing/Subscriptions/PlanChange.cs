using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Subscriptions;

public enum PlanChangeKind
{
    /// <summary>From nothing paid, or free, to free: no money is involved.</summary>
    Free,
    Trial,
    Start,

    /// <summary>At once: unused time is given back, the rest of the period is charged.</summary>
    Upgrade,
    Downgrade,

    /// <summary>To the free plan.</summary>
    Cancel,
}

public enum ChangeTime
{
    Now,
    PeriodEnd,
}

/// <summary>What a change of an instance's plan would do: computed once, shown as a preview, and carried out as it is.</summary>
/// <param name="EffectiveAt">When the limits change.</param>
/// <param name="At">The moment that unused time was counted to.</param>
/// <param name="Draft">What would be invoiced now.</param>
/// <param name="RenewalMinor">What this instance's plan will cost each period from then on, without tax; null where it is free.</param>
public sealed record PlanChange(
    PlanChangeKind Kind, PlanOffer Offer, SubscriptionItem? Item, DateTimeOffset At, DateTimeOffset EffectiveAt, InvoiceDraft Draft, DateTimeOffset? TrialEndsAt, long? RenewalMinor)
{
    public bool IsNow => EffectiveAt <= At;
}

/// <summary>Why a change cannot be priced.</summary>
public sealed class PriceMissingException(string plan, string currency, BillingInterval interval)
    : Exception($"The plan {plan} has no price in {currency} per {(interval == BillingInterval.Month ? "month" : "year")}.");

public static class PlanChanges
{
    /// <summary>A preview is good for this long; then it has to be asked for again.</summary>
    public static readonly TimeSpan PreviewGoodFor = TimeSpan.FromMinutes(10);

    /// <param name="instance">Null for one that is about to be made.</param>
    /// <param name="time">Of a downgrade or cancellation; upgrades are at once.</param>
    /// <param name="at">The moment to count from; its fraction of a second is dropped, since time is charged by the second.</param>
    /// <exception cref="PriceMissingException">The plan is not sold in the account's currency and interval.</exception>
    public static async Task<PlanChange> ComputePlanChangeAsync(
        this ControlPlaneDb db, BillingAccount account, Instance? instance, string instanceName, PlanOffer offer, ChangeTime time, DateTimeOffset at, CancellationToken cancel)
    {
        at = at.ToSecond();
        var item = instance is null ? null : await db.FindItemAsync(instance, cancel);
        var about = $" ({instanceName})";
        if (item is null)
            return offer.IsFree ? Free(offer, account, at) : await StartAsync(db, account, instance, about, offer, at, cancel);

        var had = await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
        var kind = offer.IsFree ? PlanChangeKind.Cancel : offer.Plan.Position >= had.Plan.Position ? PlanChangeKind.Upgrade : PlanChangeKind.Downgrade;
        var price = offer.IsFree ? null : PriceOf(offer, account);
        if (item.State == SubscriptionItemState.Trialing)
            return new PlanChange(kind, offer, item, at, at, Nothing(account), offer.IsFree ? null : item.TrialEndsAt, price?.AmountMinor);
        if (kind != PlanChangeKind.Upgrade && time == ChangeTime.PeriodEnd)
            return new PlanChange(kind, offer, item, at, account.PeriodEnd!.Value, Nothing(account), null, price?.AmountMinor);

        var lines = (await UnusedAsync(db, account, item, had.Plan.Name, about, at, cancel)).ToList();
        if (price is not null)
            lines.Add(Proration.Charge(offer, price, item.InstanceId, about, item.Quantity, at, account.PeriodStart!.Value, account.PeriodEnd!.Value));
        return new PlanChange(kind, offer, item, at, at, await DraftAsync(db, account, lines, at, cancel), null, price?.AmountMinor);
    }

    public static Task<SubscriptionItem?> FindItemAsync(this ControlPlaneDb db, Instance instance, CancellationToken cancel) =>
        db.SubscriptionItems.SingleOrDefaultAsync(i => i.InstanceId == instance.Id && !i.IsAddOn && i.State != SubscriptionItemState.Ended, cancel);

    internal static PlanPrice PriceOf(PlanOffer offer, BillingAccount account) =>
        offer.PriceIn(account.Currency, account.Interval) ?? throw new PriceMissingException(offer.Plan.Name, account.Currency, account.Interval);

    internal static async Task<InvoiceDraft> DraftAsync(ControlPlaneDb db, BillingAccount account, IEnumerable<DraftLine> lines, DateTimeOffset at, CancellationToken cancel) =>
        InvoiceDraft.Of(account.Currency, lines, await db.ReadDiscountsAsync(account, at, cancel), account.TaxRatePpm);

    /// <summary>The unused time of everything that was charged for the item in the period that runs.</summary>
    internal static async Task<IEnumerable<DraftLine>> UnusedAsync(
        ControlPlaneDb db, BillingAccount account, SubscriptionItem item, string planName, string about, DateTimeOffset at, CancellationToken cancel)
    {
        var end = account.PeriodEnd!.Value;
        var charged = await db.InvoiceLines.AsNoTracking()
            .Where(l => l.OrganizationId == account.OrganizationId && l.InstanceId == item.InstanceId && l.PlanKey == item.PlanKey && l.PlanVersion == item.PlanVersion && l.PeriodEnd == end && l.AmountMinor > 0)
            .OrderBy(l => l.InvoiceId).ThenBy(l => l.Line).ToListAsync(cancel);
        var givenBack = await db.InvoiceLines.Where(l => l.OrganizationId == account.OrganizationId && l.InstanceId == item.InstanceId && l.PlanKey == item.PlanKey && l.PeriodEnd == end && l.AmountMinor < 0)
            .Select(l => l.PeriodStart).ToListAsync(cancel);
        // What was charged before an earlier change away from the plan has been given back with that change.
        return charged.Where(c => !givenBack.Any(g => g >= c.PeriodStart)).Select(c => Proration.Unused(c, planName, about, at)).Where(l => l.AmountMinor != 0);
    }

    static async Task<PlanChange> StartAsync(ControlPlaneDb db, BillingAccount account, Instance? instance, string about, PlanOffer offer, DateTimeOffset at, CancellationToken cancel)
    {
        var price = PriceOf(offer, account);
        if (offer.Version.TrialDays > 0 && account.TrialUsedAt is null)
            return new PlanChange(PlanChangeKind.Trial, offer, null, at, at, Nothing(account), at.AddDays(offer.Version.TrialDays), price.AmountMinor);
        var (start, end) = await db.PeriodForAsync(account, at, cancel);
        var line = Proration.Charge(offer, price, instance?.Id, about, 1, at, start, end);
        return new PlanChange(PlanChangeKind.Start, offer, null, at, at, await DraftAsync(db, account, [line], at, cancel), null, price.AmountMinor);
    }

    /// <summary>The period that runs, or the one that would begin now where nothing is paid for.</summary>
    internal static async Task<(DateTimeOffset Start, DateTimeOffset End)> PeriodForAsync(this ControlPlaneDb db, BillingAccount account, DateTimeOffset at, CancellationToken cancel)
    {
        if (account.PeriodEnd is { } end && end > at && await db.SubscriptionItems.AnyAsync(i => i.OrganizationId == account.OrganizationId && i.State == SubscriptionItemState.Active, cancel))
            return (account.PeriodStart!.Value, end);
        return (at, at.AddMonths(account.Interval == BillingInterval.Month ? 1 : 12));
    }

    static PlanChange Free(PlanOffer offer, BillingAccount account, DateTimeOffset at) => new(PlanChangeKind.Free, offer, null, at, at, Nothing(account), null, null);

    static InvoiceDraft Nothing(BillingAccount account) => new(account.Currency, []);
}
