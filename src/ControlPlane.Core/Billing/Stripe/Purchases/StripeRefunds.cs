using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;
using Stripe;
using CreditNotes = Stripe.CreditNoteService;
using Refund = ControlPlane.Core.Billing.Payments.Refund;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

/// <summary>Refunds that were asked for, and approved where they have to be: as credit notes with a refund, each once, by the refund's id.</summary>
sealed class StripeRefunds(IStripeClient stripe, RefundConvergence convergence, CreditNoteConvergence notes)
{
    /// <summary>Payments of Stripe with refunds that it has not been asked for.</summary>
    internal static IQueryable<OrganizationId> Due(ControlPlaneDb db) =>
        from refund in db.Refunds
        where refund.State == RefundState.Pending && refund.ProviderReference == null
        join payment in db.Payments on refund.PaymentId equals payment.Id
        where payment.Provider == BillingProvider.Stripe
        select refund.OrganizationId;

    /// <summary>In the transaction of the account's lock.</summary>
    internal async Task SendAsync(ControlPlaneDb db, BillingAccount account, CancellationToken cancel)
    {
        var pending = await (
            from refund in db.Refunds
            where refund.OrganizationId == account.OrganizationId && refund.State == RefundState.Pending && refund.ProviderReference == null
            join payment in db.Payments on refund.PaymentId equals payment.Id
            where payment.Provider == BillingProvider.Stripe
            join invoice in db.Invoices on payment.InvoiceId equals invoice.Id
            orderby refund.Id
            select new { refund, invoice.ProviderInvoiceId }).ToListAsync(cancel);
        foreach (var one in pending)
            await SendAsync(db, account, one.refund, one.ProviderInvoiceId!, cancel);
    }

    async Task SendAsync(ControlPlaneDb db, BillingAccount account, Refund refund, string invoice, CancellationToken cancel)
    {
        // The key is good for a day; after that, the note that it made is found.
        var note = await FindAsync(invoice, refund, cancel) ?? await new CreditNotes(stripe).CreateAsync(
            new() { Invoice = invoice, Amount = refund.AmountMinor, RefundAmount = refund.AmountMinor, Memo = refund.Reason, Metadata = new() { [CreditNoteConvergence.RefundEntry] = refund.Id.ToString() } },
            new RequestOptions { IdempotencyKey = refund.Id.ToString() }, cancel);
        await notes.ConvergeAsync(db, note.Id, cancel);
        foreach (var made in note.Refunds ?? [])
            await convergence.ConvergeAsync(db, made.RefundId, cancel);
    }

    async Task<CreditNote?> FindAsync(string invoice, Refund refund, CancellationToken cancel)
    {
        await foreach (var note in new CreditNotes(stripe).ListAutoPagingAsync(new() { Invoice = invoice, Limit = 100 }, cancellationToken: cancel))
            if (note.Metadata?.GetValueOrDefault(CreditNoteConvergence.RefundEntry) == refund.Id.ToString())
                return note;
        return null;
    }
}
