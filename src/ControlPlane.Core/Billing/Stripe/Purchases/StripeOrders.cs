using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>
/// Changes of a running subscription, at once. Remembered first, then asked for with what was remembered as the key, then read back by convergence: killed anywhere, the change is made once or not
/// at all, and what was paid reaches the instance.
/// </summary>
sealed class StripeOrders(IStripeClient stripe, ItemChanges changes, PurchaseIntents purchases, SubscriptionConvergence subscriptions, InvoiceConvergence invoices)
{
    static readonly List<string> withInvoice = ["latest_invoice"];

    readonly SubscriptionService service = new(stripe);

    /// <param name="isRaise">It waits for its payment where that fails; otherwise a failed payment changes nothing.</param>
    internal async Task<PurchaseResult> PlaceAsync(
        ControlPlaneDb db, BillingAccount account, Instance instance, PlanOffer offer, int quantity, DateTimeOffset at, bool isRaise, string actor, CancellationToken cancel)
    {
        var subscription = await CatchUpAsync(db, account, cancel);
        if (subscription.PendingUpdate is not null)
            return new(PurchaseOutcome.PaymentWaits, PayAt: subscription.LatestInvoice?.HostedInvoiceUrl);
        if (!SubscriptionConvergence.IsLiving(subscription))
            return new(PurchaseOutcome.CheckoutNeeded);
        if (subscription.CancelAtPeriodEnd)
            subscription = await service.UpdateAsync(subscription.Id, new() { CancelAtPeriodEnd = false, Expand = withInvoice }, cancellationToken: cancel);
        var item = await db.FindItemAsync(instance, cancel);
        var more = StripeProvider.Difference(item, offer, quantity);
        var options = new SubscriptionUpdateOptions { Items = ItemChanges.ForUpdate(await changes.OfAsync(db, account, subscription, more, cancel)), Expand = withInvoice };
        if (subscription.Status == "trialing")
            options.ProrationBehavior = "none";
        else
            (options.ProrationBehavior, options.ProrationDate, options.PaymentBehavior) = ("always_invoice", at.UtcDateTime, isRaise ? "pending_if_incomplete" : "error_if_incomplete");
        var purchase = await purchases.RememberAsync(account, instance.Id, offer, quantity, actor, cancel);
        try
        {
            return await ReadBackAsync(db, account, await service.UpdateAsync(subscription.Id, options, new RequestOptions { IdempotencyKey = purchase.Id.ToString() }, cancel), cancel);
        }
        catch (StripeException refused) when (refused.HttpStatusCode == System.Net.HttpStatusCode.PaymentRequired)
        {
            return new(PurchaseOutcome.PaymentFailed, Reason: refused.StripeError?.Message);
        }
    }

    /// <summary>To the free plan at once: unused time goes to the customer's balance.</summary>
    internal async Task<PurchaseResult> CancelAsync(ControlPlaneDb db, BillingAccount account, Instance instance, PlanChange change, string actor, CancellationToken cancel)
    {
        var subscription = await CatchUpAsync(db, account, cancel);
        if (subscription.PendingUpdate is not null)
            return new(PurchaseOutcome.PaymentWaits, PayAt: subscription.LatestInvoice?.HostedInvoiceUrl);
        if (await db.FindItemAsync(instance, cancel) is not { } item)
            return PurchaseResult.Done;
        var purchase = await purchases.RememberAsync(account, instance.Id, change.Offer, 1, actor, cancel);
        var request = new RequestOptions { IdempotencyKey = purchase.Id.ToString() };
        var isLast = !await db.SubscriptionItems.AnyAsync(i => i.OrganizationId == account.OrganizationId && i.State != SubscriptionItemState.Ended && i.Id != item.Id, cancel);
        if (isLast)
        {
            var isTrial = subscription.Status == "trialing";
            return await ReadBackAsync(db, account, await service.CancelAsync(subscription.Id, new() { Prorate = !isTrial, InvoiceNow = !isTrial, Expand = withInvoice }, cancellationToken: cancel), cancel);
        }
        var items = ItemChanges.ForUpdate(await changes.OfAsync(db, account, subscription, StripeProvider.Difference(item, change.Offer, 1), cancel));
        var options = new SubscriptionUpdateOptions { Items = items, Expand = withInvoice, ProrationBehavior = "none" };
        if (subscription.Status != "trialing")
            (options.ProrationBehavior, options.ProrationDate) = ("always_invoice", change.At.UtcDateTime);
        return await ReadBackAsync(db, account, await service.UpdateAsync(subscription.Id, options, request, cancel), cancel);
    }

    /// <summary>What Stripe knows and we do not yet would otherwise be taken for what is asked for now.</summary>
    async Task<Subscription> CatchUpAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        var subscription = await service.GetAsync(account.ProviderSubscriptionId, new() { Expand = withInvoice }, cancellationToken: cancel);
        await subscriptions.ApplyAsync(db, account, subscription, cancel);
        if (subscription.PendingUpdate is null)
            foreach (var dead in await db.PurchaseIntents.Where(p => p.OrganizationId == account.OrganizationId && p.State == PurchaseState.Open).ToListAsync(cancel))
                dead.State = PurchaseState.Abandoned;
        await db.SaveChangesAsync(cancel);
        return subscription;
    }

    async Task<PurchaseResult> ReadBackAsync(ControlPlaneDb db, BillingAccount account, Subscription subscription, CancellationToken cancel)
    {
        await subscriptions.ApplyAsync(db, account, subscription, cancel);
        if (subscription.LatestInvoice is { } latest)
            await invoices.ApplyAsync(db, account, latest, cancel);
        if (subscription.PendingUpdate is not null)
            return new(PurchaseOutcome.PaymentWaits, PayAt: subscription.LatestInvoice?.HostedInvoiceUrl);
        var invoice = subscription.LatestInvoiceId is { } id ? await db.Invoices.SingleOrDefaultAsync(i => i.ProviderInvoiceId == id, cancel) : null;
        return new(PurchaseOutcome.Done, invoice);
    }
}
