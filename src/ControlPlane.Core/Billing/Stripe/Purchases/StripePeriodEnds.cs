using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>
/// What begins or ends with the next period. Our items say it; Stripe, which renews by itself, is told of an end of everything at once, and of the rest shortly before the period ends, without
/// proration: what was paid for is had until then.
/// </summary>
sealed class StripePeriodEnds(IStripeClient stripe, ItemChanges changes)
{
    /// <summary>Before the end. Rounds come each minute, so that many of them may fail.</summary>
    internal static readonly TimeSpan Before = TimeSpan.FromHours(1);

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
        var more = new Dictionary<PlanTerms, long>();
        foreach (var item in due)
        {
            Add(more, new(item.PlanKey, item.PlanVersion), -item.Quantity);
            if (!item.CancelsAtPeriodEnd)
                Add(more, new(item.NextPlanKey!, item.NextPlanVersion!.Value), item.Quantity);
            item.NextSentFor = end;
        }
        var subscription = await service.GetAsync(id, cancellationToken: cancel);
        var options = new SubscriptionUpdateOptions
        {
            Items = ItemChanges.ForUpdate(await changes.OfAsync(db, account, subscription, more.Where(m => m.Value != 0).ToDictionary(), cancel)),
            ProrationBehavior = "none",
        };
        await service.UpdateAsync(id, options, new RequestOptions { IdempotencyKey = KeyOf(due, end) }, cancel);
        await db.SaveChangesAsync(cancel);
    }

    static void Add(Dictionary<PlanTerms, long> more, PlanTerms terms, long by) => more[terms] = more.GetValueOrDefault(terms) + by;

    /// <summary>The same items to the same plans at the same end: asked again after a crash, it is done once.</summary>
    static string KeyOf(List<SubscriptionItem> due, DateTimeOffset end)
    {
        var what = string.Join(' ', due.Select(i => $"{i.Id} {i.NextPlanKey} {i.NextPlanVersion}"));
        return string.Create(CultureInfo.InvariantCulture, $"end-{end.ToUnixTimeSeconds()}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))}");
    }

    static Task<List<SubscriptionItem>> LivingAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) =>
        db.SubscriptionItems.Where(i => i.OrganizationId == account.OrganizationId && i.State != SubscriptionItemState.Ended).OrderBy(i => i.Id).ToListAsync(cancel);
}
