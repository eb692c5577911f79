using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Core.Ledger.Reversals;

/// <summary>A rail that can take back what it brought. As with <see cref="IPayoutRail"/>, a reversal whose outcome is not known is looked up before it is sent.</summary>
public interface IReversibleRail
{
    PayoutRail Rail { get; }

    /// <summary>Where the money comes back to.</summary>
    AccountCode Account { get; }

    /// <summary>How much can be taken back from there at most, whatever it came from.</summary>
    Task<Money> ReadReversibleAsync(string destination, Currency currency, CancellationToken cancel);

    /// <summary>The reversal that was made for this row; null when there is none.</summary>
    Task<Transfer?> FindReversalAsync(TransferReversal reversal, Payout payout, CancellationToken cancel);

    /// <summary>Makes it, with the row's id as the key by which the rail makes it once.</summary>
    Task<Transfer> ReverseAsync(TransferReversal reversal, Payout payout, CancellationToken cancel);
}
