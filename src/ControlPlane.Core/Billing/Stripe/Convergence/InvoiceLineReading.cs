using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;
using InvoiceLine = ControlPlane.Core.Billing.Invoices.InvoiceLine;
using Product = ControlPlane.Core.Plans.Product;
using StripeInvoice = Stripe.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>The lines of an invoice, all of them: amounts as Stripe rounded them, never computed again.</summary>
sealed class InvoiceLineReading(IStripeClient stripe, StripePrices prices)
{
    const int PageMax = 100;

    internal async Task<List<InvoiceLine>> ReadAsync(ControlPlaneDb db, BillingAccount account, InvoiceId invoice, StripeInvoice theirs, CancellationToken cancel)
    {
        var lines = new List<InvoiceLine>();
        var subjects = await LineSubjects.ReadAsync(db, account, cancel);
        await foreach (var line in new InvoiceLineItemService(stripe).ListAutoPagingAsync(theirs.Id, new() { Limit = PageMax }, cancellationToken: cancel))
        {
            var plan = line.Pricing?.PriceDetails?.PriceId is { } price ? await prices.ResolveAsync(price, cancel) : null;
            var product = plan is null ? null : await db.Plans.Where(p => p.Key == plan.PlanKey).Select(p => p.ProductKey).SingleOrDefaultAsync(cancel);
            var subject = await subjects.OfAsync(line, plan, cancel);
            var inclusive = TaxOf(line, isInclusive: true);
            lines.Add(new InvoiceLine
            {
                InvoiceId = invoice,
                OrganizationId = account.OrganizationId,
                Line = lines.Count + 1,
                Description = $"{line.Description}{subject.About}",
                ProductKey = product ?? Product.HostingKey,
                PlanKey = plan?.PlanKey ?? "",
                PlanVersion = plan?.Version ?? 0,
                InstanceId = subject.Instance,
                Quantity = line.Quantity ?? 1,
                // Tax that is in the price is taken out of it: what an invoice says of its lines is without tax.
                AmountMinor = line.Amount - inclusive,
                DiscountMinor = line.DiscountAmounts?.Sum(d => d.Amount) ?? 0,
                TaxMinor = inclusive + TaxOf(line, isInclusive: false),
                PeriodStart = Moment.Of(line.Period?.Start, "when a line's period begins"),
                PeriodEnd = Moment.Of(line.Period?.End, "when a line's period ends"),
                IsProration = line.Parent?.SubscriptionItemDetails?.Proration ?? line.Parent?.InvoiceItemDetails?.Proration ?? false,
            });
        }
        return lines;
    }

    internal static long TaxOf(InvoiceLineItem line, bool isInclusive) => line.Taxes?.Where(t => t.TaxBehavior == "inclusive" == isInclusive).Sum(t => t.Amount) ?? 0;
}
