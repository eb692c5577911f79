using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using Stripe;
using Payout = ControlPlane.Core.Ledger.Payouts.Payout;
using Transfer = ControlPlane.Core.Ledger.Payouts.Transfer;

namespace ControlPlane.Core.Billing.Stripe.Transfers;

/// <summary>
/// Transfers from the operator's balance at Stripe to a party's connected account. The payout's id is idempotency key, transfer group and metadata at once: within a day the key makes a repetition
/// the same transfer, and whenever after the group finds it.
/// </summary>
public sealed class StripeTransferRail(IStripeClient stripe, BillingMode mode) : IPayoutRail
{
    public PayoutRail Rail => PayoutRail.StripeTransfer;

    public AccountCode Account => AccountCode.Stripe;

    public PostedBy Sign(PostedBy by) => mode.By(by.Actor, BillingProvider.Stripe);

    public async Task<string?> WhyNotYetAsync(Payout payout, CancellationToken cancel)
    {
        try
        {
            var account = await new AccountService(stripe).GetAsync(payout.Destination, cancellationToken: cancel);
            if (!account.PayoutsEnabled || account.Capabilities?.Transfers != "active")
                return $"Stripe lets the account {account.Id} receive nothing yet{(account.Requirements?.DisabledReason is { } why ? $" ({why})" : "")}. The party has to finish its onboarding.";
            var currency = payout.Currency.ToLowerInvariant();
            var theirs = await stripe.ReadBalanceAsync(account.Id, currency, cancel);
            if (theirs.Available + theirs.Pending < 0)
                return $"The account {account.Id} owes Stripe {new Money(-theirs.Available - theirs.Pending, payout.Amount.Currency)}, which would swallow the transfer.";
            var ours = await stripe.ReadBalanceAsync(null, currency, cancel);
            return ours.Available < payout.AmountMinor ? $"Stripe's available balance is {new Money(ours.Available, payout.Amount.Currency)}. Payouts to the operator's bank have to leave enough for the parties." : null;
        }
        catch (StripeException error) when (error.IsDefinite())
        {
            return $"Stripe does not know the account {payout.Destination}, or not any more: {error.Message}";
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            return $"Stripe did not answer: {error.Message}";
        }
    }

    public async Task<Transfer?> FindAsync(Payout payout, CancellationToken cancel)
    {
        try
        {
            var found = await new TransferService(stripe).ListAsync(new() { TransferGroup = payout.Id.ToString(), Limit = 2 }, cancellationToken: cancel);
            if (found.Data.Count > 1)
                throw new TransferUnclearException($"Stripe has {found.Data.Count} transfers for {payout.Id}, and one was to be made. A person has to reverse what is too much.");
            return found.Data is [var transfer] ? new Transfer(TransferState.Arrived, transfer.Id) : null;
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            throw new TransferUnclearException("Stripe could not be asked for the transfer.", error);
        }
    }

    public async Task<Transfer> SendAsync(Payout payout, CancellationToken cancel)
    {
        var id = payout.Id.ToString();
        var options = new TransferCreateOptions
        {
            Amount = payout.AmountMinor,
            Currency = payout.Currency.ToLowerInvariant(),
            Destination = payout.Destination,
            TransferGroup = id,
            Description = $"Shares until {payout.CutOff:yyyy-MM-dd}",
            Metadata = new() { ["payout"] = id, ["party"] = payout.Party.ToString() },
        };
        try
        {
            var transfer = await new TransferService(stripe).CreateAsync(options, new() { IdempotencyKey = id }, cancel);
            return new Transfer(TransferState.Arrived, transfer.Id);
        }
        catch (StripeException error) when (error.IsDefinite())
        {
            // Stripe gives this answer again for a day, whatever changes; then the key is forgotten, and it is really tried again.
            return new Transfer(TransferState.NotNow, Reason: $"Stripe did not make it: {error.Message}");
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            throw new TransferUnclearException("Stripe did not say whether it made the transfer.", error);
        }
    }
}
