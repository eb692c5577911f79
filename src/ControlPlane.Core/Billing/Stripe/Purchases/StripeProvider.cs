using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Plans;
using Microsoft.Extensions.DependencyInjection;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>Stripe collects: plans are prices of one subscription, and what was paid for comes here by convergence, also when this very call asked for it.</summary>
sealed class StripeProvider(
    StripePreviews previews, StripeOrders orders, StripePeriodEnds ends, StripeCustomers customers, StripeDiscounts discounts, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IBillingProvider
{
    public BillingProvider Kind => BillingProvider.Stripe;

    public async Task<PlanChange> ComputeAsync(
        ControlPlaneDb db, BillingAccount account, Instance? instance, string instanceName, PlanOffer offer, ChangeTime time, DateTimeOffset at, CancellationToken cancel)
    {
        at = at.ToSecond();
        var item = instance is null ? null : await db.FindItemAsync(instance, cancel);
        // Before the first payment there is nothing to prorate, and during a trial nothing to pay; what waits for the period's end costs nothing now.
        if (account.ProviderSubscriptionId is null || (item is null && offer.IsFree) || (account.AnchorAt is null && item is not null))
            return await WithOneCouponAsync(db, account, await db.ComputePlanChangeAsync(account, instance, instanceName, offer, time, at, cancel), cancel);
        var had = item is null ? null : await db.ReadOfferAsync(item.PlanKey, item.PlanVersion, cancel);
        var kind = had is null ? PlanChangeKind.Start : offer.IsFree ? PlanChangeKind.Cancel : offer.Plan.Position >= had.Plan.Position ? PlanChangeKind.Upgrade : PlanChangeKind.Downgrade;
        var renewal = offer.IsFree ? (long?)null : PlanChanges.PriceOf(offer, account).AmountMinor;
        if (account.AnchorAt is null)
            return new PlanChange(kind, offer, item, at, at, new(account.Currency, []), null, renewal);
        if (kind is PlanChangeKind.Cancel or PlanChangeKind.Downgrade && time == ChangeTime.PeriodEnd)
            return new PlanChange(kind, offer, item, at, account.PeriodEnd!.Value, new(account.Currency, []), null, renewal);
        var draft = await previews.PreviewAsync(db, account, item, offer, instanceName, at, cancel);
        return new PlanChange(kind, offer, item, at, at, draft, null, renewal);
    }

    public async Task<PurchaseResult> ChangeAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, PostedBy by, CancellationToken cancel)
    {
        if (!change.IsNow)
        {
            Subscribing.Plan(change, change.Item!);
            await db.SaveChangesAsync(cancel);
            await ends.SayAsync(db, account, cancel);
            return PurchaseResult.Done;
        }
        if (change.Kind == PlanChangeKind.Free)
        {
            (instance.PlanKey, instance.PlanVersion) = (change.Offer.Plan.Key, change.Offer.Version.Version);
            return PurchaseResult.Done;
        }
        if (account.ProviderSubscriptionId is null)
            return new(PurchaseOutcome.CheckoutNeeded);
        return change.Kind == PlanChangeKind.Cancel
            ? await orders.CancelAsync(db, account, instance, change, by.Actor, cancel)
            : await orders.PlaceAsync(db, account, instance, change.Offer, 1, change.At, isRaise: change.Kind == PlanChangeKind.Upgrade, by.Actor, cancel);
    }

    public async Task<PurchaseResult> AddAddOnAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, PostedBy by, CancellationToken cancel)
    {
        var at = billing.GetUtcNow();
        return account.ProviderSubscriptionId is null
            ? new(PurchaseOutcome.CheckoutNeeded)
            : await orders.PlaceAsync(db, account, instance, offer, quantity, at.ToSecond(), isRaise: false, by.Actor, cancel);
    }

    public Task SayEndAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel) => ends.SayAsync(db, account, cancel);

    public async Task SayDetailsAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        await customers.UpdateAsync(account, cancel);
        await discounts.SayAsync(db, account, cancel);
    }

    /// <summary>The first payment is made at Stripe's page, which takes one coupon; the others count from the next invoice on.</summary>
    static async Task<PlanChange> WithOneCouponAsync(ControlPlaneDb db, BillingAccount account, PlanChange change, CancellationToken cancel) => change.Kind != PlanChangeKind.Start
        ? change
        : change with { Draft = InvoiceDraft.Of(account.Currency, change.Draft.Lines.Select(l => l.Draft), (await db.ReadDiscountsAsync(account, change.At, cancel)).Take(1), account.TaxRatePpm) };

    /// <summary>One more of what is wanted, one less of what the instance had.</summary>
    internal static Dictionary<PlanTerms, long> Difference(SubscriptionItem? item, PlanOffer offer, int quantity)
    {
        var more = new Dictionary<PlanTerms, long>();
        if (!offer.IsFree)
            more[new(offer.Plan.Key, offer.Version.Version)] = quantity;
        if (item is not null && !offer.Plan.IsAddOn)
            more[new(item.PlanKey, item.PlanVersion)] = -item.Quantity;
        return more;
    }
}
