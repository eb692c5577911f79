using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using Microsoft.Extensions.DependencyInjection;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

/// <summary>A movement that no object and no event tells of: a fee that Stripe takes for itself, or money that the operator added. Found by comparing, and booked as what it is.</summary>
sealed class MovementConvergence(IStripeClient stripe, BillingMode mode, [FromKeyedServices(BillingClock.Key)] TimeProvider billing) : IStripeObject
{
    public string Type => "balance_transaction";

    public async Task<ConvergenceResult> ConvergeAsync(ControlPlaneDb db, string id, CancellationToken cancel)
    {
        var movement = await new BalanceTransactionService(stripe).GetAsync(id, cancellationToken: cancel);
        var amount = new Money(movement.Net, Currency.Parse(movement.Currency));
        var source = new JournalSource("balance_transaction", movement.Id, Moment.Of(movement.Created, "when money moved"), Memo: movement.Description ?? movement.Type);
        var draft = movement.Type switch
        {
            "stripe_fee" or "stripe_fx_fee" or "tax_fee" or "network_cost" => PayoutPostings.ProviderFee(source, -amount),
            "topup" or "topup_reversal" => PayoutPostings.FromBank(source, amount),
            _ => throw new InvalidOperationException($"{movement.Id} is a {movement.Type} of {amount}, and nobody here knows how to book that. Book it by hand, and skip this."),
        };
        await db.PostAsync(draft, mode.By("stripe", BillingProvider.Stripe), billing, cancel);
        return ConvergenceResult.Applied;
    }
}
