using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Payments;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>The payment that a charge is. A charge does not say which invoice it paid: only the invoice's payments do.</summary>
sealed class PaymentLookup(IStripeClient stripe, InvoiceConvergence invoices)
{
    const int PageMax = 100;

    /// <summary>Under the lock of its customer's account; null where the charge paid no invoice of ours.</summary>
    internal async Task<(BillingAccount Account, Payment Payment)?> LockAsync(ControlPlaneDb db, string? chargeId, CancellationToken cancel)
    {
        if (chargeId is null)
            return null;
        var charge = await new ChargeService(stripe).GetAsync(chargeId, cancellationToken: cancel);
        if (await db.LockCustomerAsync(stripe, charge.CustomerId, cancel) is not { } account)
            return null;
        if (await FindAsync(db, chargeId, cancel) is { } known)
            return (account, known);
        await ConvergeInvoicesAsync(db, charge.PaymentIntentId, cancel);
        return await FindAsync(db, chargeId, cancel) is { } found ? (account, found) : null;
    }

    internal async Task ConvergeInvoicesAsync(ControlPlaneDb db, string? paymentIntentId, CancellationToken cancel)
    {
        if (paymentIntentId is null)
            return;
        var paying = new InvoicePaymentListOptions { Payment = new() { Type = "payment_intent", PaymentIntent = paymentIntentId }, Limit = PageMax };
        await foreach (var payment in new InvoicePaymentService(stripe).ListAutoPagingAsync(paying, cancellationToken: cancel))
            await invoices.ConvergeAsync(db, payment.InvoiceId, cancel);
    }

    static Task<Payment?> FindAsync(ControlPlaneDb db, string chargeId, CancellationToken cancel) =>
        db.Payments.SingleOrDefaultAsync(p => p.Provider == BillingProvider.Stripe && p.ProviderReference == chargeId, cancel);
}
