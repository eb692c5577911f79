using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;

namespace ControlPlane.Core.Billing.Invoices;

/// <summary>What can be done to an invoice that was issued, short of changing it. In the caller's transaction, under the account's lock, in the fleet's scope.</summary>
public static class InvoiceCorrections
{
    /// <summary>Less is owed: first what is open is taken off, the rest goes to the customer's balance. No cash moves and no share changes.</summary>
    public static async Task<CreditNote> CreditAsync(
        this ControlPlaneDb db, BillingAccount account, Invoice invoice, long amountMinor, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amountMinor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amountMinor, invoice.TotalMinor);
        var (open, tax) = (invoice.OpenMinor, Rounding.HalfAway(invoice.TaxMinor, amountMinor, invoice.TotalMinor));
        var offOpen = Math.Min(open, amountMinor);
        var note = new CreditNote
        {
            Id = CreditNoteId.New(clock),
            OrganizationId = account.OrganizationId,
            Number = await db.NextNumberAsync("CRN", clock.GetUtcNow(), cancel),
            InvoiceId = invoice.Id,
            Currency = invoice.Currency,
            TotalMinor = amountMinor,
            TaxMinor = tax,
            OffOpenMinor = offOpen,
            ToBalanceMinor = amountMinor - offOpen,
            RefundedMinor = 0,
            Reason = reason,
            Actor = by.Actor,
            IssuedAt = clock.GetUtcNow(),
        };
        db.CreditNotes.Add(note);
        TakeOff(invoice, offOpen, InvoiceState.Paid, clock);
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("credit_note", note.Id.ToString(), note.IssuedAt, Memo: $"{note.Number} for {invoice.Number}");
        await db.PostAsync(CustomerPostings.CreditNote(source, account.OrganizationId.ToString(), In(invoice, amountMinor), In(invoice, tax), In(invoice, open)), by, clock, cancel);
        return note;
    }

    /// <summary>Takes back an invoice of which nothing was paid or credited.</summary>
    public static async Task VoidAsync(this ControlPlaneDb db, BillingAccount account, Invoice invoice, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        if (invoice is not { State: InvoiceState.Open, PaidMinor: 0, CreditedMinor: 0 })
            throw new InvalidOperationException($"invoice {invoice.Number} cannot be voided");
        (invoice.State, invoice.SettledAt) = (InvoiceState.Void, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("invoice", invoice.Id.ToString(), clock.GetUtcNow(), Correlation: invoice.Id.ToString(), Memo: $"{invoice.Number} {reason}");
        await db.PostAsync(
            CustomerPostings.Void(source, account.OrganizationId.ToString(), In(invoice, invoice.TotalMinor), In(invoice, invoice.TaxMinor), In(invoice, invoice.FromBalanceMinor)), by, clock, cancel);
    }

    /// <summary>The rest that nobody will pay becomes a loss. The tax in it stays owed.</summary>
    public static async Task WriteOffAsync(this ControlPlaneDb db, BillingAccount account, Invoice invoice, string reason, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var open = invoice.OpenMinor;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(open);
        TakeOff(invoice, open, InvoiceState.Uncollectible, clock);
        await db.SaveChangesAsync(cancel);
        var source = new JournalSource("invoice", invoice.Id.ToString(), clock.GetUtcNow(), Correlation: invoice.Id.ToString(), Memo: $"{invoice.Number} {reason}");
        await db.PostAsync(CustomerPostings.WriteOff(source, account.OrganizationId.ToString(), In(invoice, open), In(invoice, 0)), by, clock, cancel);
    }

    static void TakeOff(Invoice invoice, long minor, InvoiceState whenNothingIsLeft, TimeProvider clock)
    {
        if (minor == 0)
            return;
        invoice.CreditedMinor += minor;
        if (invoice.OpenMinor == 0)
            (invoice.State, invoice.SettledAt) = (whenNothingIsLeft, clock.GetUtcNow());
    }

    static Money In(Invoice invoice, long minor) => new(minor, Currency.Parse(invoice.Currency));
}
