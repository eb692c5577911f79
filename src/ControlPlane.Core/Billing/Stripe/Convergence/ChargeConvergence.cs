using ControlPlane.Core.Data;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>A charge: the invoice that it paid, and all that was given back of it.</summary>
sealed class ChargeConvergence(IStripeClient stripe, PaymentLookup payments, RefundConvergence refunds, DisputeConvergence disputes) : IStripeObject
{
    const int PageMax = 100;

    public string Type => "charge";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var charge = await new ChargeService(stripe).GetAsync(id, cancellationToken: cancel);
        await payments.ConvergeInvoicesAsync(db, charge.PaymentIntentId, cancel);
        // By when they were made, so that amounts that are rounded together are rounded in one order.
        foreach (var refund in await ListAsync(new RefundService(stripe).ListAutoPagingAsync(new() { Charge = id, Limit = PageMax }, cancellationToken: cancel), r => r.Created, r => r.Id))
            await refunds.ConvergeAsync(db, refund, cancel);
        foreach (var dispute in await ListAsync(new DisputeService(stripe).ListAutoPagingAsync(new() { Charge = id, Limit = PageMax }, cancellationToken: cancel), d => d.Created, d => d.Id))
            await disputes.ConvergeAsync(db, dispute, cancel);
        return ConvergenceResult.Applied;
    }

    static async Task<IEnumerable<string>> ListAsync<T>(IAsyncEnumerable<T> all, Func<T, DateTime> at, Func<T, string> id)
    {
        var found = new List<(DateTime At, string Id)>();
        await foreach (var one in all)
            found.Add((at(one), id(one)));
        return found.Order().Select(f => f.Id);
    }
}

/// <summary>A payment that is tried: what came of it stands with its invoice.</summary>
sealed class PaymentIntentConvergence(PaymentLookup payments) : IStripeObject
{
    public string Type => "payment_intent";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        await payments.ConvergeInvoicesAsync(db, id, cancel);
        return ConvergenceResult.Applied;
    }
}

/// <summary>Which payment paid which invoice.</summary>
sealed class InvoicePaymentConvergence(IStripeClient stripe, InvoiceConvergence invoices) : IStripeObject
{
    public string Type => "invoice_payment";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel) =>
        await invoices.ConvergeAsync(db, (await new InvoicePaymentService(stripe).GetAsync(id, cancellationToken: cancel)).InvoiceId, cancel);
}
