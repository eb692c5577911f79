using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Dunning;
using ControlPlane.Core.Billing.Invoices;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stripe;
using Invoice = ControlPlane.Core.Billing.Invoices.Invoice;
using StripeInvoice = Stripe.Invoice;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>An invoice, once it is final: its row as it was issued, what was paid for it, and what its state means for debts.</summary>
sealed class InvoiceConvergence(
    IStripeClient stripe, InvoiceMirror mirror, PaymentConvergence payments, SubscriptionConvergence subscriptions, BillingMode mode, IOptions<DunningDays> days, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock) : IStripeObject
{
    public string Type => "invoice";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var service = new InvoiceService(stripe);
        var seen = await service.GetAsync(id, cancellationToken: cancel);
        // Which instances its lines are for is known from what the subscription has become.
        if (seen is { Status: not "draft", Parent.SubscriptionDetails.SubscriptionId: { } subscription } && !await db.Invoices.AnyAsync(i => i.ProviderInvoiceId == id, cancel))
            await subscriptions.ConvergeAsync(db, subscription, cancel);
        if (await db.LockCustomerAsync(stripe, seen.CustomerId, cancel) is { } account)
            await ApplyAsync(db, account, await service.GetAsync(id, cancellationToken: cancel), cancel);
        return ConvergenceResult.Applied;
    }

    /// <summary>Under the account's lock.</summary>
    internal async Task ApplyAsync(ControlPlaneDb db, BillingAccount account, StripeInvoice theirs, CancellationToken cancel)
    {
        if (theirs.Status == "draft")
            return;
        if (theirs.BillingReason?.StartsWith("subscription", StringComparison.Ordinal) == true && theirs.Parent?.SubscriptionDetails?.SubscriptionId is null)
            throw new InvalidOperationException($"the invoice {theirs.Id} of a subscription does not say of which: Stripe's answer is of another version of the API");
        if (await mirror.EnsureAsync(db, account, theirs, cancel) is not { } invoice)
            return;
        var failedAt = await payments.ApplyAsync(db, account, invoice, theirs, cancel);
        await SettleAsync(db, account, invoice, theirs, cancel);
        // A change that waits for its payment lapses by itself: nobody owes it.
        if (invoice.Reason != InvoiceReason.Change && invoice.State is InvoiceState.Open or InvoiceState.Uncollectible)
            invoice.FirstFailedAt ??= failedAt;
        await db.SaveChangesAsync(cancel);
        await new DunningSteps(db, days.Value, billing, clock).AdvanceAsync(account, By, cancel);
        await db.SaveChangesAsync(cancel);
    }

    PostedBy By => mode.By("stripe", BillingProvider.Stripe);

    async Task SettleAsync(ControlPlaneDb db, BillingAccount account, Invoice invoice, StripeInvoice theirs, CancellationToken cancel)
    {
        var before = invoice.State;
        var at = theirs.StatusTransitions;
        (invoice.State, var settled) = theirs.Status switch
        {
            "open" => (InvoiceState.Open, null),
            "paid" => (InvoiceState.Paid, at.PaidAt),
            "void" => (InvoiceState.Void, at.VoidedAt),
            "uncollectible" => (InvoiceState.Uncollectible, (DateTime?)at.MarkedUncollectibleAt),
            _ => throw new InvalidOperationException($"the invoice {theirs.Id} is {theirs.Status}"),
        };
        invoice.SettledAt = invoice.State == InvoiceState.Open ? null : Moment.Of(settled, "when an invoice was settled");
        // Nothing more than what cash and balance have left.
        invoice.CreditedMinor = Math.Min(theirs.PrePaymentCreditNotesAmount, invoice.TotalMinor - invoice.FromBalanceMinor - invoice.PaidMinor);
        if (invoice.State == InvoiceState.Void && before != InvoiceState.Void)
            await mirror.ReturnBalanceAsync(db, account, invoice, By, cancel);
        await db.SaveChangesAsync(cancel);
    }
}
