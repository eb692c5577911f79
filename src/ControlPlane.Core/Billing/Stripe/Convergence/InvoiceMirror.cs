using System.Text.Json;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Coupons;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using CreditNote = ControlPlane.Core.Billing.Invoices.CreditNote;
using Invoice = ControlPlane.Core.Billing.Invoices.Invoice;
using StripeInvoice = Stripe.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>
/// Stripe's invoice as a row of ours, written once. The ledger hears of it when cash comes; only what the customer's balance met is booked with the invoice, since no payment will tell of it.
/// </summary>
sealed class InvoiceMirror(IStripeClient stripe, InvoiceLineReading lines, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing)
{
    /// <summary>Null for an invoice of nothing, as of a trial, and for one below zero, which is a credit.</summary>
    internal async Task<Invoice?> EnsureAsync(ControlPlaneDb db, BillingAccount account, StripeInvoice theirs, CancellationToken cancel)
    {
        if (await db.Invoices.SingleOrDefaultAsync(i => i.ProviderInvoiceId == theirs.Id, cancel) is { } known)
            return known;
        var issuedAt = Moment.Of(theirs.StatusTransitions.FinalizedAt, "when an invoice became final");
        var id = InvoiceId.New(billing);
        var read = await lines.ReadAsync(db, account, id, theirs, cancel);
        if (theirs.Total < 0)
            await CreditAsync(db, account, theirs, -read.Sum(l => l.TaxMinor), issuedAt, cancel);
        if (theirs.Total < 0 || read.TrueForAll(l => l.AmountMinor == 0))
            return null;
        var (subtotal, discount, tax) = (read.Sum(l => l.AmountMinor), read.Sum(l => l.DiscountMinor), read.Sum(l => l.TaxMinor));
        if (subtotal - discount + tax != theirs.Total)
            throw new InvalidOperationException($"the lines of the invoice {theirs.Id} come to {subtotal - discount + tax}, and its total is {theirs.Total}");
        var invoice = new Invoice
        {
            Id = id,
            OrganizationId = account.OrganizationId,
            Number = theirs.Number,
            Reason = ReasonOf(theirs),
            Currency = theirs.Currency.ToUpperInvariant(),
            SubtotalMinor = subtotal,
            DiscountMinor = discount,
            TaxMinor = tax,
            TotalMinor = theirs.Total,
            FromBalanceMinor = FromBalance(theirs),
            IssuedAt = issuedAt,
            DueAt = theirs.DueDate is { } due ? Moment.Of(due, "when an invoice is due") : issuedAt.AddDays(account.TermsDays),
            Provider = BillingProvider.Stripe,
            ProviderInvoiceId = theirs.Id,
            HostedAddress = theirs.HostedInvoiceUrl,
            PdfAddress = theirs.InvoicePdf,
            Mode = mode.Mode,
            BillTo = JsonSerializer.Serialize(new BillTo(theirs.CustomerName ?? account.Name, theirs.CustomerEmail ?? account.Email, AddressOf(theirs.CustomerAddress) ?? account.Address, theirs.CustomerAddress?.Country ?? account.Country, account.TaxId, account.TaxRatePpm)),
            ResellerId = await db.FindResellerAsync(account.OrganizationId, issuedAt, cancel),
            Lines = read,
        };
        db.Invoices.Add(invoice);
        await UseUpAsync(db, account, theirs, issuedAt, cancel);
        await db.SaveChangesAsync(cancel);
        await BookBalanceAsync(db, account, invoice, cancel);
        return invoice;
    }

    /// <summary>It is void: what the balance met of it is the customer's again.</summary>
    internal async Task ReturnBalanceAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, PostedBy by, CancellationToken cancel)
    {
        if (invoice.FromBalanceMinor == 0)
            return;
        var (amount, tax) = BalancePart(invoice);
        await db.PostAsync(CustomerPostings.Void(SourceOf(invoice, invoice.SettledAt!.Value), account.OrganizationId.ToString(), amount, tax, amount), by, billing, cancel);
    }

    async Task BookBalanceAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, CancellationToken cancel)
    {
        if (invoice.FromBalanceMinor == 0)
            return;
        var (amount, tax) = BalancePart(invoice);
        await db.PostAsync(CustomerPostings.Issue(SourceOf(invoice, invoice.IssuedAt), account.OrganizationId.ToString(), amount, tax, amount), By, billing, cancel);
    }

    /// <summary>More is given back than charged: to the customer's balance, and no cash moves.</summary>
    async Task CreditAsync(ControlPlaneDb db, BillingAccount account, StripeInvoice theirs, long taxMinor, DateTimeOffset at, CancellationToken cancel)
    {
        if (await db.CreditNotes.AnyAsync(n => n.Number == theirs.Number, cancel))
            return;
        var note = new CreditNote
        {
            Id = CreditNoteId.New(billing),
            OrganizationId = account.OrganizationId,
            Number = theirs.Number,
            Currency = theirs.Currency.ToUpperInvariant(),
            TotalMinor = -theirs.Total,
            TaxMinor = taxMinor,
            OffOpenMinor = 0,
            ToBalanceMinor = -theirs.Total,
            RefundedMinor = 0,
            Reason = "Unused time after a change of plan",
            Actor = By.Actor,
            IssuedAt = at,
        };
        db.CreditNotes.Add(note);
        await db.SaveChangesAsync(cancel);
        var currency = Currency.Parse(note.Currency);
        var source = new JournalSource("credit_note", note.Id.ToString(), at, Memo: note.Number);
        await db.PostAsync(
            CustomerPostings.CreditNote(source, account.OrganizationId.ToString(), new Money(note.TotalMinor, currency), new Money(note.TaxMinor, currency), Money.Zero(currency)), By, billing, cancel);
    }

    /// <summary>Coupons for one invoice have had it, where they were on it: a checkout page takes one of several.</summary>
    async Task UseUpAsync(ControlPlaneDb db, BillingAccount account, StripeInvoice theirs, DateTimeOffset at, CancellationToken cancel)
    {
        if (theirs.TotalDiscountAmounts is not { Count: > 0 })
            return;
        var told = await new InvoiceService(stripe).GetAsync(theirs.Id, new() { Expand = ["total_discount_amounts.discount"] }, cancellationToken: cancel);
        await db.UseUpAsync(account, [.. told.TotalDiscountAmounts.Select(d => d.Discount?.Source?.CouponId).OfType<string>()], at, cancel);
    }

    PostedBy By => mode.By("stripe", BillingProvider.Stripe);

    static JournalSource SourceOf(Invoice invoice, DateTimeOffset at) => new("invoice", invoice.Id.ToString(), at, Correlation: invoice.Id.ToString(), Memo: invoice.Number);

    static (Money Amount, Money Tax) BalancePart(Invoice invoice)
    {
        var currency = Currency.Parse(invoice.Currency);
        return (new Money(invoice.FromBalanceMinor, currency), new Money(Rounding.HalfAway(invoice.TaxMinor, invoice.FromBalanceMinor, invoice.TotalMinor), currency));
    }

    // A balance below zero is to the customer's credit. Pre-payment notes lower what is due without touching it.
    static long FromBalance(StripeInvoice theirs) => Math.Clamp((theirs.EndingBalance ?? theirs.StartingBalance) - theirs.StartingBalance, 0, theirs.Total);

    static string? AddressOf(Address? address) => address is null ? null
        : string.Join('\n', new[] { address.Line1, address.Line2, $"{address.PostalCode} {address.City}".Trim(), address.State }.Where(part => !string.IsNullOrWhiteSpace(part)));

    static InvoiceReason ReasonOf(StripeInvoice theirs) => theirs.BillingReason switch
    {
        "subscription_create" => InvoiceReason.Start,
        "subscription_cycle" => InvoiceReason.Renewal,
        _ => InvoiceReason.Change,
    };
}
