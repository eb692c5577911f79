using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;
using Stripe;
using StripeItem = Stripe.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>An item of a subscription as it is to be.</summary>
/// <param name="Id">Null for one that is added.</param>
/// <param name="PriceId">Null where it stays.</param>
/// <param name="Quantity">Null for a metered one.</param>
readonly record struct ItemChange(string? Id, string? PriceId, long? Quantity, bool IsRemoved);

/// <summary>What a subscription's items become when some terms are had more and some less often. Stripe has one item for a price, with a quantity.</summary>
sealed class ItemChanges(StripePrices prices)
{
    internal async Task<List<ItemChange>> OfAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, IReadOnlyDictionary<PlanTerms, long> more, CancellationToken cancel)
    {
        var (licensed, metered) = (new Dictionary<PlanTerms, StripeItem>(), new Dictionary<PlanTerms, StripeItem>());
        foreach (var item in subscription.Items)
            if (await prices.ResolveAsync(item.Price.Id, cancel) is { } plan)
                (plan.IsOverage ? metered : licensed)[plan.Terms] = item;
        var (changes, removed) = (new List<ItemChange>(), new Queue<StripeItem>());
        foreach (var (terms, by) in more.Where(m => m.Value < 0))
        {
            var item = licensed.GetValueOrDefault(terms) ?? throw new InvalidOperationException($"the subscription {subscription.Id} has no {terms.PlanKey}");
            if (item.Quantity + by > 0)
                changes.Add(new(item.Id, null, item.Quantity + by, false));
            else
                removed.Enqueue(item);
            if (item.Quantity + by <= 0 && metered.TryGetValue(terms, out var counted))
                changes.Add(new(counted.Id, null, null, true));
        }
        foreach (var (terms, by) in more.Where(m => m.Value > 0))
        {
            if (licensed.TryGetValue(terms, out var item))
            {
                changes.Add(new(item.Id, null, item.Quantity + by, false));
                continue;
            }
            var offer = await db.ReadOfferAsync(terms.PlanKey, terms.Version, cancel);
            var (price, overage) = await prices.EnsureAsync(db, PlanChanges.PriceOf(offer, account), cancel);
            // In the place of one that goes: a subscription is never without an item.
            changes.Add(new(removed.TryDequeue(out var gone) ? gone.Id : null, price, by, false));
            if (overage is not null && !metered.ContainsKey(terms))
                changes.Add(new(null, overage, null, false));
        }
        changes.AddRange(removed.Select(item => new ItemChange(item.Id, null, null, true)));
        return changes;
    }

    internal static List<SubscriptionItemOptions> ForUpdate(IEnumerable<ItemChange> changes) => [.. changes.Select(change =>
    {
        // What is set to null is cleared at Stripe, so only what is meant is set.
        var options = new SubscriptionItemOptions();
        if (change.Id is not null)
            options.Id = change.Id;
        if (change.PriceId is not null)
            options.Price = change.PriceId;
        if (change.Quantity is not null)
            options.Quantity = change.Quantity;
        if (change.IsRemoved)
            options.Deleted = true;
        return options;
    })];

    internal static List<InvoiceSubscriptionDetailsItemOptions> ForPreview(IEnumerable<ItemChange> changes) => [.. changes.Select(change =>
    {
        var options = new InvoiceSubscriptionDetailsItemOptions();
        if (change.Id is not null)
            options.Id = change.Id;
        if (change.PriceId is not null)
            options.Price = change.PriceId;
        if (change.Quantity is not null)
            options.Quantity = change.Quantity;
        if (change.IsRemoved)
            options.Deleted = true;
        return options;
    })];
}
