using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using Stripe;
using Payout = ControlPlane.Core.Ledger.Payouts.Payout;
using Transfer = ControlPlane.Core.Ledger.Payouts.Transfer;
using TransferReversal = ControlPlane.Core.Ledger.Reversals.TransferReversal;

namespace ControlPlane.Core.Billing.Stripe.Transfers;

/// <summary>Takes back transfers of <see cref="StripeTransferRail"/>, as far as the connected account has the money. The row's id is idempotency key and metadata.</summary>
public sealed class StripeReversals(IStripeClient stripe) : IReversibleRail
{
    const string Key = "reversal";

    public PayoutRail Rail => PayoutRail.StripeTransfer;

    public AccountCode Account => AccountCode.Stripe;

    public async Task<Money> ReadReversibleAsync(string destination, Currency currency, CancellationToken cancel)
    {
        try
        {
            var balance = await stripe.ReadBalanceAsync(destination, currency.Code.ToLowerInvariant(), cancel);
            return new Money(Math.Max(0, balance.Available + balance.Pending), currency);
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            throw new TransferUnclearException("Stripe could not be asked for the account's balance.", error);
        }
        catch (StripeException error) when (error.IsDefinite())
        {
            return Money.Zero(currency);
        }
    }

    public async Task<Transfer?> FindReversalAsync(TransferReversal reversal, Payout payout, CancellationToken cancel)
    {
        try
        {
            var service = new TransferReversalService(stripe);
            await foreach (var made in service.ListAutoPagingAsync(payout.Reference!, new() { Limit = 100 }, cancellationToken: cancel))
                if (made.Metadata.GetValueOrDefault(Key) == reversal.Id.ToString())
                    return new Transfer(TransferState.Arrived, made.Id);
            return null;
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            throw new TransferUnclearException("Stripe could not be asked for the reversal.", error);
        }
    }

    public async Task<Transfer> ReverseAsync(TransferReversal reversal, Payout payout, CancellationToken cancel)
    {
        var options = new TransferReversalCreateOptions { Amount = reversal.AmountMinor, Metadata = new() { [Key] = reversal.Id.ToString() } };
        try
        {
            var made = await new TransferReversalService(stripe).CreateAsync(payout.Reference!, options, new() { IdempotencyKey = reversal.Id.ToString() }, cancel);
            return new Transfer(TransferState.Arrived, made.Id);
        }
        catch (StripeException error) when (error.IsDefinite())
        {
            return new Transfer(TransferState.Refused, Reason: error.Message);
        }
        catch (Exception error) when (StripeAnswers.IsUnclear(error, cancel))
        {
            throw new TransferUnclearException("Stripe did not say whether it made the reversal.", error);
        }
    }
}
