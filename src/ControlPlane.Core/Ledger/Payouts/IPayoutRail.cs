namespace ControlPlane.Core.Ledger.Payouts;

public enum TransferState
{
    /// <summary>A person has to do it, and records it when it is done.</summary>
    LeftToOperator,

    /// <summary>The rail has taken it, and will say when it has arrived.</summary>
    Taken,
    Arrived,

    /// <summary>It will not be made; nothing has left.</summary>
    Refused,
}

/// <param name="Reference">The rail's id of the transfer, where there is one.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record Transfer(TransferState State, string? Reference = null, string? Reason = null);

/// <summary>
/// A way by which money reaches parties. That a payout is about to be sent is stored before <see cref="SendAsync"/>; a process may die at any time, so a payout whose outcome is not known is
/// looked up by <see cref="FindAsync"/> first. An answer that leaves it open whether the transfer was made is an exception: the payout is looked up again.
/// </summary>
public interface IPayoutRail
{
    PayoutRail Rail { get; }

    /// <summary>Where the money leaves from.</summary>
    AccountCode Account { get; }

    /// <summary>The transfer that was made for this payout, whoever made it and however long ago; null when there is none.</summary>
    Task<Transfer?> FindAsync(Payout payout, CancellationToken cancel);

    /// <summary>Makes the transfer, with the payout's id as the key by which the rail makes it once.</summary>
    Task<Transfer> SendAsync(Payout payout, CancellationToken cancel);
}
