using ControlPlane.Core.Billing.Stripe.Purchases;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;
using Stripe;
using Stripe.Checkout;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A checkout page: completed, its subscription and invoice; expired, the purchase that nothing came of.</summary>
sealed class CheckoutConvergence(IStripeClient stripe, SubscriptionConvergence subscriptions, InvoiceConvergence invoices, StripeDiscounts discounts) : IStripeObject
{
    public string Type => "checkout.session";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var session = await new SessionService(stripe).GetAsync(id, cancellationToken: cancel);
        if (session.SubscriptionId is { } subscription)
            await subscriptions.ConvergeAsync(db, subscription, cancel);
        if (session.InvoiceId is { } invoice)
            await invoices.ConvergeAsync(db, invoice, cancel);
        // The page took one coupon. After its invoice, so that one for a single invoice that was on it is known to be used up.
        if (session is { Status: "complete", SubscriptionId: not null } && await db.LockCustomerAsync(stripe, session.CustomerId, cancel) is { } account && account.ProviderSubscriptionId == session.SubscriptionId)
            await discounts.SayAsync(db, account, cancel);
        if (session.Status != "expired" || await db.LockCustomerAsync(stripe, session.CustomerId, cancel) is null)
            return ConvergenceResult.Applied;
        foreach (var purchase in await db.PurchaseIntents.Where(p => p.SessionId == id && p.State == PurchaseState.Open).ToListAsync(cancel))
            purchase.State = PurchaseState.Abandoned;
        await db.SaveChangesAsync(cancel);
        return ConvergenceResult.Applied;
    }
}
