using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;
using StripeInvoice = Stripe.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>Every invoice of the last 35 days that is more than a draft: its total, and whether it is open, paid, void or given up.</summary>
sealed class InvoiceComparison(IStripeClient stripe) : IComparison
{
    const int PageMax = 100;
    static readonly TimeSpan window = TimeSpan.FromDays(35);

    public ComparedKind Kind => ComparedKind.Invoice;

    public async Task<Compared> CompareAsync(ControlPlaneDb db, IReadOnlyCollection<string> open, DateTimeOffset now, CancellationToken cancel)
    {
        var (notes, seen, since, service) = (new ComparisonNotes(), new HashSet<string>(), now - window, new InvoiceService(stripe));
        var ours = await db.Invoices.AsNoTracking().Where(i => i.Provider == BillingProvider.Stripe && i.ProviderInvoiceId != null && (i.IssuedAt >= since || open.Contains(i.ProviderInvoiceId)))
            .ToDictionaryAsync(i => i.ProviderInvoiceId!, cancel);
        await foreach (var theirs in service.ListAutoPagingAsync(new() { Limit = PageMax, Created = new DateRangeOptions { GreaterThanOrEqual = since.UtcDateTime } }, cancellationToken: cancel))
            Compare(theirs);
        // Those that were made before the window, and those that were different the last time.
        foreach (var left in ours.Keys.Concat(open).Distinct().ToList())
        {
            notes.Look(left);
            if (await FindAsync(service, left, cancel) is { } theirs)
                Compare(theirs);
            else if (ours.Remove(left, out var invoice))
                notes.MissingThere(left, $"{new Money(invoice.TotalMinor, Currency.Parse(invoice.Currency))}, {invoice.State.ToText()}", invoice.OrganizationId);
        }
        return notes.ToCompared();

        void Compare(StripeInvoice theirs)
        {
            if (!seen.Add(theirs.Id))
                return;
            if (ours.Remove(theirs.Id, out var invoice))
            {
                notes.Same(DifferenceClass.Amount, theirs.Id, $"{invoice.Currency} {invoice.TotalMinor}", $"{theirs.Currency.ToUpperInvariant()} {theirs.Total}", invoice.OrganizationId);
                notes.Same(DifferenceClass.State, theirs.Id, invoice.State.ToText(), theirs.Status, invoice.OrganizationId);
            }
            // Drafts, credits and invoices of nothing have no row here.
            else if (theirs is { Status: not "draft", Total: > 0 })
                notes.MissingHere(theirs.Id, $"{theirs.Currency.ToUpperInvariant()} {theirs.Total}, {theirs.Status}, of {theirs.CustomerId}", new("invoice", theirs.Id, theirs.CustomerId));
        }
    }

    static async Task<StripeInvoice?> FindAsync(InvoiceService service, string id, CancellationToken cancel)
    {
        try
        {
            return await service.GetAsync(id, cancellationToken: cancel);
        }
        catch (StripeException error) when (error.StripeError?.Code == "resource_missing")
        {
            return null;
        }
    }
}
