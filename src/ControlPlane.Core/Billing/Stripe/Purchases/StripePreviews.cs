using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Plans;
using Stripe;
using Product = ControlPlane.Core.Plans.Product;
using SubscriptionItem = ControlPlane.Core.Billing.Subscriptions.SubscriptionItem;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>What a change would cost, as Stripe computes it. Read, never computed again.</summary>
sealed class StripePreviews(IStripeClient stripe, StripePrices prices, ItemChanges changes)
{
    internal async Task<InvoiceDraft> PreviewAsync(ControlPlaneDb db, BillingAccount account, SubscriptionItem? item, PlanOffer offer, string instanceName, DateTimeOffset at, CancellationToken cancel)
    {
        var subscription = await new SubscriptionService(stripe).GetAsync(account.ProviderSubscriptionId, cancellationToken: cancel);
        var difference = StripeProvider.Difference(item, offer, 1);
        var details = new InvoiceSubscriptionDetailsOptions();
        // The last one cannot be taken off a subscription: that ends it.
        if (difference.Values.All(by => by < 0) && subscription.Items.Count(i => i.Price.Recurring.UsageType == "licensed") == 1 && subscription.Items.Single(i => i.Price.Recurring.UsageType == "licensed").Quantity == item!.Quantity)
            (details.CancelNow, details.ProrationBehavior) = (true, "create_prorations");
        else
            (details.Items, details.ProrationDate, details.ProrationBehavior) = (ItemChanges.ForPreview(await changes.OfAsync(db, account, subscription, difference, cancel)), at.UtcDateTime, "always_invoice");
        var preview = await new InvoiceService(stripe).CreatePreviewAsync(new() { Customer = account.ProviderCustomerId, Subscription = subscription.Id, SubscriptionDetails = details }, cancellationToken: cancel);
        var lines = new List<PricedLine>();
        foreach (var line in preview.Lines.Where(l => l.Amount != 0))
        {
            var plan = line.Pricing?.PriceDetails?.PriceId is { } price ? await prices.ResolveAsync(price, cancel) : null;
            lines.Add(new PricedLine(
                new DraftLine(
                    $"{line.Description} ({instanceName})", Product.HostingKey, plan?.PlanKey ?? offer.Plan.Key, plan?.Version ?? offer.Version.Version, item?.InstanceId, line.Quantity ?? 1,
                    line.Amount - InvoiceLineReading.TaxOf(line, isInclusive: true), Moment.Of(line.Period.Start, "when a line's period begins"), Moment.Of(line.Period.End, "when a line's period ends"), IsProration: true),
                line.DiscountAmounts?.Sum(d => d.Amount) ?? 0, InvoiceLineReading.TaxOf(line, isInclusive: true) + InvoiceLineReading.TaxOf(line, isInclusive: false)));
        }
        return new InvoiceDraft(account.Currency, lines);
    }
}
