using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.Extensions.DependencyInjection;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Convergence;

/// <summary>The operator's own money on its way from Stripe to its bank: booked when it leaves Stripe's balance, and back when the bank refuses it.</summary>
sealed class PayoutConvergence(IStripeClient stripe, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    static readonly PayoutGetOptions whole = new() { Expand = ["balance_transaction", "failure_balance_transaction"] };

    public string Type => "payout";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var payout = await new PayoutService(stripe).GetAsync(id, whole, cancellationToken: cancel);
        var by = mode.By("stripe", BillingProvider.Stripe);
        if (payout.BalanceTransaction is { } left)
            await db.PostAsync(PayoutPostings.ToBank(SourceOf(payout, left), AmountOf(left, -1), new Money(left.Fee, Currency.Parse(left.Currency))), by, billing, cancel);
        if (payout.FailureBalanceTransaction is { } back)
            await db.PostAsync(PayoutPostings.FromBank(SourceOf(payout, back), AmountOf(back, 1)), by, billing, cancel);
        return ConvergenceResult.Applied;
    }

    static JournalSource SourceOf(Payout payout, BalanceTransaction moved) => new("stripe_payout", payout.Id, Moment.Of(moved.Created, "when a payout moved"), Memo: payout.StatementDescriptor);

    static Money AmountOf(BalanceTransaction moved, int sign) => new(sign * moved.Amount, Currency.Parse(moved.Currency));
}
