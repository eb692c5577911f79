using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Subscriptions;

/// <summary>Carries out changes of what an organization pays for, where the invoices are ours. In the caller's transaction, under the account's lock, in the fleet's scope.</summary>
public static class Subscribing
{
    /// <summary>The instance's plan, the item and the invoice together. The caller refreshes the entitlements and files what applies them.</summary>
    /// <returns>The invoice, where there is something to pay.</returns>
    public static async Task<Invoice?> ChangePlanAsync(
        this ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        if (!change.IsNow)
        {
            Plan(change, change.Item!);
            return null;
        }
        (instance.PlanKey, instance.PlanVersion) = (change.Offer.Plan.Key, change.Offer.Version.Version);
        if (change.Kind == PlanChangeKind.Free)
            return null;
        if (change.Item is not { } item)
            return await StartAsync(db, account, instance, change, by, clock, cancel);

        if (change.Kind == PlanChangeKind.Cancel)
            item.End(change.At);
        else
        {
            (item.PlanKey, item.PlanVersion) = (instance.PlanKey, instance.PlanVersion);
            item.Keep();
        }
        return await IssueAsync(db, account, change.Draft, InvoiceReason.Change, by, clock, cancel);
    }

    /// <summary>The instance is deleted: it is paid until the period ends, so that it can be brought back, and not renewed.</summary>
    public static async Task CancelForDeletionAsync(this ControlPlaneDb db, Instance instance, DateTimeOffset at, CancellationToken cancel)
    {
        foreach (var item in await db.SubscriptionItems.Where(i => i.InstanceId == instance.Id && i.State != SubscriptionItemState.Ended).ToListAsync(cancel))
        {
            if (item.State == SubscriptionItemState.Trialing)
                item.End(at);
            else
                await db.EndWithPeriodAsync(item, cancel);
        }
    }

    /// <summary>It is not renewed after the period of whoever pays for it.</summary>
    public static async Task EndWithPeriodAsync(this ControlPlaneDb db, SubscriptionItem item, CancellationToken cancel) =>
        item.EndWithPeriod((await db.BillingAccounts.AsNoTracking().SingleAsync(a => a.OrganizationId == item.OrganizationId, cancel)).PeriodEnd);

    /// <summary>It is brought back: its items go on where the period has not ended. What a reseller paid for ends with that period.</summary>
    public static async Task ContinueAfterUndeleteAsync(this ControlPlaneDb db, Instance instance, CancellationToken cancel)
    {
        foreach (var item in await db.SubscriptionItems.Where(i => i.InstanceId == instance.Id && i.OrganizationId == instance.OrganizationId && i.State == SubscriptionItemState.Active).ToListAsync(cancel))
            (item.CancelsAtPeriodEnd, item.NextDueAt) = (false, item.NextPlanKey is null ? null : item.NextDueAt);
    }

    internal static void Plan(PlanChange change, SubscriptionItem item)
    {
        item.Keep();
        if (change.Kind == PlanChangeKind.Cancel)
            item.EndWithPeriod(change.EffectiveAt);
        else
            (item.NextPlanKey, item.NextPlanVersion, item.NextDueAt) = (change.Offer.Plan.Key, change.Offer.Version.Version, change.EffectiveAt);
    }

    static async Task<Invoice?> StartAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var isTrial = change.Kind == PlanChangeKind.Trial;
        if (isTrial)
            account.TrialUsedAt = change.At;
        else
            await db.BeginPeriodAsync(account, change.At, cancel);
        db.SubscriptionItems.Add(new SubscriptionItem
        {
            Id = SubscriptionItemId.New(clock),
            OrganizationId = account.OrganizationId,
            InstanceId = instance.Id,
            PlanKey = change.Offer.Plan.Key,
            PlanVersion = change.Offer.Version.Version,
            State = isTrial ? SubscriptionItemState.Trialing : SubscriptionItemState.Active,
            StartedAt = change.At,
            TrialEndsAt = change.TrialEndsAt,
        });
        await db.SaveChangesAsync(cancel);
        return await IssueAsync(db, account, OfInstance(change.Draft, instance.Id), InvoiceReason.Start, by, clock, cancel);
    }

    /// <summary>The first thing that is paid for begins the account's periods.</summary>
    internal static async Task BeginPeriodAsync(this ControlPlaneDb db, BillingAccount account, DateTimeOffset at, CancellationToken cancel)
    {
        var (start, _) = await db.PeriodForAsync(account, at, cancel);
        if (start != account.PeriodStart)
            (account.AnchorAt, account.PeriodIndex) = (start, 0);
    }

    internal static async Task<Invoice?> IssueAsync(ControlPlaneDb db, BillingAccount account, InvoiceDraft draft, InvoiceReason reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var invoice = await db.IssueAsync(account, draft, reason, by, clock, cancel);
        if (draft.DiscountMinor != 0)
            await db.UseUpAsync(account, null, clock.GetUtcNow(), cancel);
        return invoice;
    }

    // The draft of an instance that was about to be made could not name it yet.
    static InvoiceDraft OfInstance(InvoiceDraft draft, InstanceId instance) => draft with { Lines = [.. draft.Lines.Select(l => l with { Draft = l.Draft with { InstanceId = instance } })] };
}
