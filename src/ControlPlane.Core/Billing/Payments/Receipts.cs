using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Payments;

/// <param name="Reference">The bank's; the same one again is the same receipt.</param>
/// <param name="FeeMinor">What the bank kept of it.</param>
public sealed record ReceiptFacts(long AmountMinor, long FeeMinor, DateTimeOffset ReceivedAt, string Reference);

/// <summary>Money that came by bank transfer for an invoice of ours. In the caller's transaction, under the account's lock, in the fleet's scope.</summary>
public static class Receipts
{
    /// <summary>Pays the invoice, wholly or in part; what exceeds it is the customer's balance. The shares follow the cash that was applied.</summary>
    /// <returns>The payment, and whether it is new: a reference that was recorded before gives the payment of then.</returns>
    public static async Task<(Payment Payment, bool IsNew)> RecordReceiptAsync(
        this ControlPlaneDb db, BillingAccount account, Invoice invoice, ReceiptFacts facts, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(facts.AmountMinor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(facts.FeeMinor, facts.AmountMinor);
        if (await db.Payments.SingleOrDefaultAsync(p => p.Provider == BillingProvider.Manual && p.ProviderReference == facts.Reference, cancel) is { } earlier)
            return (earlier, false);

        var open = invoice.OpenMinor;
        var applied = Math.Min(open, facts.AmountMinor);
        var payment = new Payment
        {
            Id = PaymentId.New(clock),
            OrganizationId = account.OrganizationId,
            InvoiceId = invoice.Id,
            Provider = BillingProvider.Manual,
            ProviderReference = facts.Reference,
            AmountMinor = facts.AmountMinor,
            Currency = invoice.Currency,
            AppliedMinor = applied,
            AppliedTaxMinor = TaxIn(invoice, applied),
            SettledMinor = facts.AmountMinor,
            SettledCurrency = invoice.Currency,
            FeeMinor = facts.FeeMinor,
            ReceivedAt = facts.ReceivedAt,
            Actor = by.Actor,
        };
        db.Payments.Add(payment);
        Settle(invoice, applied, clock);
        await db.SaveChangesAsync(cancel);

        var currency = Currency.Parse(invoice.Currency);
        var source = new JournalSource("payment", payment.Id.ToString(), facts.ReceivedAt, Correlation: payment.Id.ToString(), Memo: $"{invoice.Number} {facts.Reference}");
        await db.PostAsync(
            CustomerPostings.Receipt(source, AccountCode.Bank, account.OrganizationId.ToString(), new Money(facts.AmountMinor, currency), new Money(facts.FeeMinor, currency), new Money(open, currency)),
            by, clock, cancel);
        if (applied > 0)
            await db.AccrueAsync(invoice, payment, new Money(applied, currency), new Money(Math.Min(facts.FeeMinor, applied), currency), by, clock, cancel);
        return (payment, true);
    }

    /// <summary>Divides cash among the parties, by the invoice's lines and the contracts that were valid when their service began.</summary>
    internal static async Task AccrueAsync(this ControlPlaneDb db, Invoice invoice, Payment payment, Money cash, Money fee, PostedBy by, TimeProvider clock, CancellationToken cancel)
    {
        var lines = await db.InvoiceLines.AsNoTracking().Where(l => l.InvoiceId == invoice.Id).OrderBy(l => l.Line).ToListAsync(cancel);
        var sold = lines.Select(l => new SoldLine(l.ProductKey, l.PlanKey, l.ExTaxMinor, l.Quantity, l.PeriodStart, l.PeriodEnd)).ToList();
        var (from, months) = ServiceOf(lines);
        await db.AccrueSharesAsync(
            new Sale(invoice.OrganizationId.ToString(), invoice.ResellerId, cash, fee, invoice.TotalMinor, sold), payment.Id.ToString(), invoice.Id.ToString(), payment.ReceivedAt, from, months, by, clock, cancel);
    }

    internal static void Settle(Invoice invoice, long applied, TimeProvider clock)
    {
        invoice.PaidMinor = checked(invoice.PaidMinor + applied);
        if (invoice.OpenMinor == 0)
            (invoice.State, invoice.SettledAt) = (InvoiceState.Paid, clock.GetUtcNow());
    }

    /// <summary>Cumulative, so that the parts of an invoice that is paid in parts sum to its tax.</summary>
    static long TaxIn(Invoice invoice, long applied) =>
        Rounding.HalfAway(invoice.TaxMinor, invoice.PaidMinor + applied, invoice.TotalMinor) - Rounding.HalfAway(invoice.TaxMinor, invoice.PaidMinor, invoice.TotalMinor);

    static (DateTimeOffset From, int Months) ServiceOf(List<InvoiceLine> lines)
    {
        var (from, to) = (lines.Min(l => l.PeriodStart), lines.Max(l => l.PeriodEnd));
        var months = 1;
        while (from.AddMonths(months) < to)
            months++;
        return (from, months);
    }
}
