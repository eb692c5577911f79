using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Invoice = ControlPlane.Core.Billing.Invoices.Invoice;
using StripeInvoice = Stripe.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>
/// What was paid for an invoice: a row for each charge that succeeded, with the journal of its cash in the currency that it was settled in, the fee of its balance transaction, and the shares of it.
/// </summary>
sealed class PaymentConvergence(IStripeClient stripe, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing)
{
    const int PageMax = 100;

    /// <returns>When a payment first failed; null when none did.</returns>
    internal async Task<DateTimeOffset?> ApplyAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, StripeInvoice theirs, CancellationToken cancel)
    {
        DateTimeOffset? failedAt = null;
        await foreach (var paying in new InvoicePaymentService(stripe).ListAutoPagingAsync(new() { Invoice = theirs.Id, Limit = PageMax }, cancellationToken: cancel))
        {
            foreach (var charge in await ChargesAsync(paying, cancel))
            {
                var at = Moment.Of(charge.Created, "when a charge was made");
                if (charge.Status == "failed")
                    failedAt = failedAt < at ? failedAt : at;
                else if (charge.Status == "succeeded" && paying.Status == "paid")
                    await RecordAsync(db, account, invoice, charge, paying.AmountPaid ?? charge.Amount, at, cancel);
            }
        }
        await RecordElsewhereAsync(db, account, invoice, theirs, cancel);
        // Nothing to charge is a failure as well: there is no card, or the bank wants to hear from the customer.
        return failedAt ?? (theirs is { Attempted: true, Status: not "paid" } ? invoice.IssuedAt : null);
    }

    async Task<List<Charge>> ChargesAsync(InvoicePayment paying, CancellationToken cancel)
    {
        var service = new ChargeService(stripe);
        if (paying.Payment.ChargeId is { } id)
            return [await service.GetAsync(id, new() { Expand = ["balance_transaction"] }, cancellationToken: cancel)];
        if (paying.Payment.PaymentIntentId is not { } intent)
            return [];
        var charges = new List<Charge>();
        await foreach (var charge in service.ListAutoPagingAsync(new() { PaymentIntent = intent, Limit = PageMax, Expand = ["data.balance_transaction"] }, cancellationToken: cancel))
            charges.Add(charge);
        return charges;
    }

    async Task RecordAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, Charge charge, long paidMinor, DateTimeOffset at, CancellationToken cancel)
    {
        if (await db.Payments.AnyAsync(p => p.Provider == BillingProvider.Stripe && p.ProviderReference == charge.Id, cancel))
            return;
        var settled = charge.BalanceTransaction ?? throw new InvalidOperationException($"the charge {charge.Id} has no balance transaction yet");
        await RecordAsync(
            db, account, invoice, AccountCode.Stripe, BillingProvider.Stripe, charge.Id, charge.Amount, Math.Min(paidMinor, charge.Amount),
            new Money(settled.Amount, Currency.Parse(settled.Currency)), settled.Fee, at, cancel);
    }

    /// <summary>Somebody said at Stripe that it was paid elsewhere: into the bank.</summary>
    async Task RecordElsewhereAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, StripeInvoice theirs, CancellationToken cancel)
    {
        if (theirs.AmountPaidOffStripe is not > 0 || await db.Payments.AnyAsync(p => p.Provider == BillingProvider.Manual && p.ProviderReference == theirs.Id, cancel))
            return;
        var currency = Currency.Parse(invoice.Currency);
        await RecordAsync(
            db, account, invoice, AccountCode.Bank, BillingProvider.Manual, theirs.Id, theirs.AmountPaidOffStripe, theirs.AmountPaidOffStripe, new Money(theirs.AmountPaidOffStripe, currency), 0,
            Moment.Of(theirs.StatusTransitions.PaidAt, "when an invoice was paid"), cancel);
    }

    async Task RecordAsync(
        ControlPlaneDb db, BillingAccount account, Invoice invoice, AccountCode into, BillingProvider provider, string reference, long amountMinor, long paidMinor, Money settled, long feeMinor, DateTimeOffset at,
        CancellationToken cancel)
    {
        var by = mode.By("stripe", provider);
        var applied = Math.Min(paidMinor, invoice.TotalMinor - invoice.FromBalanceMinor - invoice.PaidMinor);
        var payment = new Payment
        {
            Id = PaymentId.New(billing),
            OrganizationId = account.OrganizationId,
            InvoiceId = invoice.Id,
            Provider = provider,
            ProviderReference = reference,
            AmountMinor = amountMinor,
            Currency = invoice.Currency,
            AppliedMinor = applied,
            AppliedTaxMinor = TaxIn(invoice, applied),
            SettledMinor = settled.Minor,
            SettledCurrency = settled.Currency.Code,
            FeeMinor = feeMinor,
            ReceivedAt = at,
            Actor = by.Actor,
        };
        db.Payments.Add(payment);
        invoice.PaidMinor = checked(invoice.PaidMinor + applied);
        await db.SaveChangesAsync(cancel);

        var source = new JournalSource("payment", payment.Id.ToString(), at, Correlation: payment.Id.ToString(), Memo: $"{invoice.Number} {reference}");
        var (cash, fee) = (InSettlement(payment, applied), new Money(feeMinor, settled.Currency));
        // What was paid beyond the invoice is the customer's: below zero it is not met from its balance, but put there.
        await db.PostAsync(CustomerPostings.Payment(source, into, account.OrganizationId.ToString(), settled, InSettlement(payment, payment.AppliedTaxMinor), fee, cash - settled), by, billing, cancel);
        if (applied > 0)
            await db.AccrueAsync(invoice, payment, cash, fee.Minor < cash.Minor ? fee : cash, by, billing, cancel);
    }

    /// <summary>A part of what the customer paid, at the rate at which all of it was settled.</summary>
    internal static Money InSettlement(Payment payment, long minor) =>
        new(Rounding.HalfAway(payment.SettledMinor, minor, payment.AmountMinor), Currency.Parse(payment.SettledCurrency));

    /// <summary>Cumulative, with what the balance met first, so that the parts sum to the tax of the invoice.</summary>
    static long TaxIn(Invoice invoice, long applied)
    {
        var before = invoice.FromBalanceMinor + invoice.PaidMinor;
        return Rounding.HalfAway(invoice.TaxMinor, before + applied, invoice.TotalMinor) - Rounding.HalfAway(invoice.TaxMinor, before, invoice.TotalMinor);
    }
}
