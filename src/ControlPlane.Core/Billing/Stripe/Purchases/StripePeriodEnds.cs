using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>
/// What begins or ends with the next period. Our items say it; Stripe, which renews by itself, is told of an end of everything at once, and of the rest shortly before the period ends, without
/// proration: what was paid for is had until then. Where nobody could tell it in time, the period that Stripe has charged for is changed from its start, and the difference goes to the customer's balance.
/// </summary>
sealed class StripePeriodEnds(IStripeClient stripe, ItemChanges changes, SubscriptionConvergence subscriptions, InvoiceConvergence invoices)
{
    /// <summary>Before the end. Rounds come each minute, so that many of them may fail.</summary>
    internal static readonly TimeSpan Before = TimeSpan.FromHours(1);

    static readonly List<string> withInvoice = ["latest_invoice"];

    readonly SubscriptionService service = new(stripe);

    /// <summary>Whether everything ends with the period.</summary>
    internal async Task SayAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is not { } id)
            return;
        var items = await LivingAsync(db, account, cancel);
        var ends = items is not [] && items.TrueForAll(i => i.CancelsAtPeriodEnd);
        var subscription = await service.GetAsync(id, cancellationToken: cancel);
        if (SubscriptionConvergence.IsLiving(subscription) && subscription.CancelAtPeriodEnd != ends)
            await service.UpdateAsync(id, new() { CancelAtPeriodEnd = ends }, cancellationToken: cancel);
    }

    /// <summary>Tells Stripe of what comes next, where the period is about to end.</summary>
    internal async Task PrepareAsync(ControlPlaneDb db, BillingAccount account, DateTimeOffset now, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is not { } id || account.PeriodEnd is not { } end || now < end - Before || now >= end)
            return;
        await SayAsync(db, account, cancel);
        var items = await LivingAsync(db, account, cancel);
        var due = items.Where(i => i.NextSentFor is null && (i.CancelsAtPeriodEnd || i.NextPlanKey is not null)).ToList();
        // All of it ends: Stripe ends the subscription by itself.
        if (due is [] || items.TrueForAll(i => i.CancelsAtPeriodEnd))
            return;
        var subscription = await service.GetAsync(id, cancellationToken: cancel);
        var options = new SubscriptionUpdateOptions { Items = await ItemsAsync(db, account, subscription, due, end, cancel), ProrationBehavior = "none" };
        await service.UpdateAsync(id, options, new RequestOptions { IdempotencyKey = KeyOf("end", due, end) }, cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Those with something that Stripe should have heard of and did not.</summary>
    internal static IQueryable<OrganizationId> Late(ControlPlaneDb db, DateTimeOffset now) => db.BillingAccounts
        .Where(a => a.Provider == BillingProvider.Stripe && a.ProviderSubscriptionId != null && db.SubscriptionItems.Any(i =>
            i.OrganizationId == a.OrganizationId && i.State != SubscriptionItemState.Ended && i.NextSentFor == null && i.NextDueAt <= now && (i.CancelsAtPeriodEnd || i.NextPlanKey != null)))
        .Select(a => a.OrganizationId);

    /// <summary>Makes late what Stripe was not told of before it renewed.</summary>
    internal async Task CatchUpAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is not { } id)
            return;
        var subscription = await service.GetAsync(id, cancellationToken: cancel);
        await subscriptions.ApplyAsync(db, account, subscription, cancel);
        // A change that waits for its payment comes first: while it does, Stripe takes no other.
        if (!SubscriptionConvergence.IsLiving(subscription) || subscription.PendingUpdate is not null || account.PeriodStart is not { } start)
            return;
        var items = await LivingAsync(db, account, cancel);
        var late = items.Where(i => i.NextSentFor is null && i.NextDueAt <= start && (i.CancelsAtPeriodEnd || i.NextPlanKey is not null)).ToList();
        if (late is [])
            return;
        if (items.TrueForAll(i => i.CancelsAtPeriodEnd))
            await ReadBackAsync(db, account, await service.CancelAsync(id, new() { Prorate = true, InvoiceNow = true, Expand = withInvoice }, cancellationToken: cancel), cancel);
        else
        {
            var options = new SubscriptionUpdateOptions
            {
                Items = await ItemsAsync(db, account, subscription, late, start, cancel),
                ProrationBehavior = "always_invoice",
                ProrationDate = start.UtcDateTime,
                Expand = withInvoice,
            };
            await ReadBackAsync(db, account, await service.UpdateAsync(id, options, new RequestOptions { IdempotencyKey = KeyOf("late", late, start) }, cancel), cancel);
        }
    }

    async Task ReadBackAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        await subscriptions.ApplyAsync(db, account, subscription, cancel);
        if (subscription.LatestInvoice is { } credit)
            await invoices.ApplyAsync(db, account, credit, cancel);
    }

    /// <summary>What the items become at Stripe; ours become it when the period begins.</summary>
    async Task<List<SubscriptionItemOptions>> ItemsAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, List<SubscriptionItem> due, DateTimeOffset from, CancellationToken cancel)
    {
        var more = new Dictionary<PlanTerms, long>();
        foreach (var item in due)
        {
            Add(more, new(item.PlanKey, item.PlanVersion), -item.Quantity);
            if (!item.CancelsAtPeriodEnd)
                Add(more, new(item.NextPlanKey!, item.NextPlanVersion!.Value), item.Quantity);
            item.NextSentFor = from;
        }
        return ItemChanges.ForUpdate(await changes.OfAsync(db, account, subscription, more.Where(m => m.Value != 0).ToDictionary(), cancel));
    }

    static void Add(Dictionary<PlanTerms, long> more, PlanTerms terms, long by) => more[terms] = more.GetValueOrDefault(terms) + by;

    /// <summary>The same items to the same plans at the same end: asked again after a crash, it is done once.</summary>
    static string KeyOf(string kind, List<SubscriptionItem> due, DateTimeOffset end)
    {
        var what = string.Join(' ', due.Select(i => $"{i.Id} {i.NextPlanKey} {i.NextPlanVersion}"));
        return string.Create(CultureInfo.InvariantCulture, $"{kind}-{end.ToUnixTimeSeconds()}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))}");
    }

    static Task<List<SubscriptionItem>> LivingAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) =>
        db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State != SubscriptionItemState.Ended).OrderBy(i => i.Id).ToListAsync(cancel);
}
