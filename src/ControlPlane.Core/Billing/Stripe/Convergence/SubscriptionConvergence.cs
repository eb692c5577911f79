using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>An organization's one subscription: its period, what of it is living, and which instance each of its prices is for (<see cref="ItemAssignment"/>).</summary>
sealed class SubscriptionConvergence(IStripeClient stripe, StripePrices prices, ItemAssignment items, TimeProvider clock) : IStripeObject
{
    public string Type => "subscription";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var service = new SubscriptionService(stripe);
        var customer = (await service.GetAsync(id, cancellationToken: cancel)).CustomerId;
        // Read again under the lock: whoever had it may have changed the subscription meanwhile.
        if (await db.LockCustomerAsync(stripe, customer, cancel) is { } account)
            await ApplyAsync(db, account, await service.GetAsync(id, cancellationToken: cancel), cancel);
        return ConvergenceResult.Applied;
    }

    /// <summary>Under the account's lock.</summary>
    internal async Task ApplyAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        if (IsLiving(subscription))
        {
            if (await IsSecondAsync(db, account, subscription, cancel))
                return;
            account.ProviderSubscriptionId = subscription.Id;
            await TakePeriodAsync(account, subscription, cancel);
            await items.AssignAsync(db, account, subscription, cancel);
        }
        else if (account.ProviderSubscriptionId == subscription.Id)
        {
            (account.ProviderSubscriptionId, account.AnchorAt, account.PeriodIndex) = (null, null, 0);
            await items.EndAllAsync(db, account, Moment.Of(subscription.EndedAt, "when a subscription ended"), cancel);
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Not before its first payment, and not after its end. One that is past due lives on: what debts lead to is decided here.</summary>
    internal static bool IsLiving(Subscription subscription) => subscription.Status is "active" or "trialing" or "past_due" or "unpaid" or "paused";

    async Task<bool> IsSecondAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        if (account.ProviderSubscriptionId is not { } first || first == subscription.Id || !IsLiving(await new SubscriptionService(stripe).GetAsync(first, cancellationToken: cancel)))
            return false;
        await db.RaiseAlertAsync(
            null, Alerts.Alerts.BillingUnclear, AlertSeverity.Critical, subscription.Id, $"{account.OrganizationId} pays for a second subscription, {subscription.Id}, beside {first}. Cancel one of them at Stripe.", clock, cancel);
        return true;
    }

    async Task TakePeriodAsync(BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        var item = await MainAsync(subscription, cancel);
        var start = Moment.Of(item.CurrentPeriodStart, "when a period began");
        account.Currency = subscription.Currency.ToUpperInvariant();
        account.Interval = item.Price.Recurring.Interval == "year" ? BillingInterval.Year : BillingInterval.Month;
        if (subscription.Status == "trialing")
        {
            account.TrialUsedAt ??= Moment.Of(subscription.TrialStart, "when a trial began");
            (account.AnchorAt, account.PeriodIndex) = (null, 0);
            return;
        }
        if (subscription.TrialStart is { } tried)
            account.TrialUsedAt ??= Moment.Of(tried, "when a trial began");
        (account.AnchorAt, account.PeriodIndex) = CountPeriods(Moment.Of(subscription.BillingCycleAnchor, "from when periods are counted"), start, account.Interval);
    }

    async Task<SubscriptionItem> MainAsync(Subscription subscription, CancellationToken cancel)
    {
        // The period of a metered price is the same, but may begin later when it was added later.
        foreach (var item in subscription.Items)
            if (await prices.ResolveAsync(item.Price.Id, cancel) is { IsOverage: false })
                return item;
        return subscription.Items.First();
    }

    /// <summary>Whole months from the anchor, so that the 31st stays the 31st; a period that began otherwise is counted from itself.</summary>
    static (DateTimeOffset Anchor, int Index) CountPeriods(DateTimeOffset anchor, DateTimeOffset start, BillingInterval interval)
    {
        var months = interval == BillingInterval.Year ? 12 : 1;
        var index = ((start.Year - anchor.Year) * 12 + start.Month - anchor.Month) / months;
        return index >= 0 && anchor.AddMonths(index * months) == start ? (anchor, index) : (start, 0);
    }
}
