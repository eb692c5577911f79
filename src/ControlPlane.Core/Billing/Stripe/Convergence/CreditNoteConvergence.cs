using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using CreditNote = ControlPlane.Core.Billing.Invoices.CreditNote;
using Invoice = ControlPlane.Core.Billing.Invoices.Invoice;
using StripeNote = Stripe.CreditNote;
using StripeRefund = Stripe.Refund;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A credit note: its row, and what of it went to the customer's balance. What is paid back is booked with its refund, and what lowers an open invoice when its cash comes.</summary>
sealed class CreditNoteConvergence(IStripeClient stripe, InvoiceConvergence invoices, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    const int PageMax = 100;
    internal const string RefundEntry = "refund_id";

    public string Type => "credit_note";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var note = await new CreditNoteService(stripe).GetAsync(id, new() { Expand = ["customer_balance_transaction"] }, cancellationToken: cancel);
        // Its invoice first: what is open of that follows from its notes.
        await invoices.ConvergeAsync(db, note.InvoiceId, cancel);
        if (await db.LockCustomerAsync(stripe, note.CustomerId, cancel) is { } account)
            await EnsureAsync(db, account, note, cancel);
        return ConvergenceResult.Applied;
    }

    /// <summary>The note that a refund belongs to; null for one that was made without.</summary>
    internal async Task<CreditNote?> EnsureForAsync(ControlPlaneDb db, BillingAccount account, Payment payment, StripeRefund refund, CancellationToken cancel) =>
        await FindAsync(db, payment, refund, cancel) is { } note ? await EnsureAsync(db, account, note, cancel) : null;

    /// <summary>Our refund that asked for the note, by which Stripe made this one.</summary>
    internal async Task<string?> FindRefundOfAsync(ControlPlaneDb db, Payment payment, StripeRefund refund, CancellationToken cancel) =>
        (await FindAsync(db, payment, refund, cancel))?.Metadata?.GetValueOrDefault(RefundEntry);

    async Task<StripeNote?> FindAsync(ControlPlaneDb db, Payment payment, StripeRefund refund, CancellationToken cancel)
    {
        var invoice = await db.Invoices.Where(i => i.Id == payment.InvoiceId).Select(i => i.ProviderInvoiceId).SingleAsync(cancel);
        var options = new CreditNoteListOptions { Invoice = invoice, Limit = PageMax, Expand = ["data.customer_balance_transaction"] };
        await foreach (var note in new CreditNoteService(stripe).ListAutoPagingAsync(options, cancellationToken: cancel))
            if (note.Refunds?.Exists(r => r.RefundId == refund.Id) == true)
                return note;
        return null;
    }

    async Task<CreditNote?> EnsureAsync(ControlPlaneDb db, BillingAccount account, StripeNote theirs, CancellationToken cancel)
    {
        if (await db.CreditNotes.SingleOrDefaultAsync(n => n.Number == theirs.Number, cancel) is { } known)
            return known;
        if (await db.Invoices.SingleOrDefaultAsync(i => i.ProviderInvoiceId == theirs.InvoiceId, cancel) is not { } invoice)
            return null;
        var (at, toBalance) = (Moment.Of(theirs.EffectiveAt ?? theirs.Created, "when a credit note was written"), -(theirs.CustomerBalanceTransaction?.Amount ?? 0));
        var note = new CreditNote
        {
            Id = CreditNoteId.New(billing),
            OrganizationId = account.OrganizationId,
            Number = theirs.Number,
            InvoiceId = invoice.Id,
            Currency = invoice.Currency,
            TotalMinor = theirs.Total,
            TaxMinor = theirs.TotalTaxes?.Sum(t => t.Amount) ?? 0,
            OffOpenMinor = theirs.PrePaymentAmount,
            ToBalanceMinor = toBalance,
            RefundedMinor = theirs.Total - theirs.PrePaymentAmount - toBalance,
            Reason = theirs.Memo ?? theirs.Reason ?? "credited at Stripe",
            Actor = By.Actor,
            IssuedAt = at,
        };
        db.CreditNotes.Add(note);
        await db.SaveChangesAsync(cancel);
        if (toBalance > 0)
            await CreditAsync(db, account, invoice, note, cancel);
        return note;
    }

    async Task CreditAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, CreditNote note, CancellationToken cancel)
    {
        var currency = Currency.Parse(note.Currency);
        var (amount, tax) = (new Money(note.ToBalanceMinor, currency), new Money(Rounding.HalfAway(note.TaxMinor, note.ToBalanceMinor, note.TotalMinor), currency));
        var source = new JournalSource("credit_note", note.Id.ToString(), note.IssuedAt, Memo: $"{note.Number} for {invoice.Number}");
        await db.PostAsync(CustomerPostings.CreditNote(source, account.OrganizationId.ToString(), amount, tax, Money.Zero(currency)), By, billing, cancel);
    }

    PostedBy By => mode.By("stripe", BillingProvider.Stripe);
}
