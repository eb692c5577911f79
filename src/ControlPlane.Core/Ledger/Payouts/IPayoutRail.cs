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

    /// <summary>It was not made; nothing has left. The rail says why, and is asked again.</summary>
    NotNow,
}

/// <param name="Reference">The rail's id of the transfer, where there is one.</param>
/// <param name="Reason">Why it was refused, or not made now.</param>
public sealed record Transfer(TransferState State, string? Reference = null, string? Reason = null);

/// <summary>
/// A way by which money reaches parties. That a payout is about to be sent is stored before <see cref="SendAsync"/>; a process may die at any time, so a payout whose outcome is not known is
/// looked up by <see cref="FindAsync"/> first. An answer that leaves it open whether the transfer was made is a <see cref="TransferUnclearException"/>: the payout is looked up again.
/// </summary>
public interface IPayoutRail
{
    PayoutRail Rail { get; }

    /// <summary>Where the money leaves from.</summary>
    AccountCode Account { get; }

    /// <summary>How its journals are signed: with the provider behind the rail, where there is one.</summary>
    PostedBy Sign(PostedBy by) => by;

    /// <summary>Why the transfer cannot be made now; null when nothing is known against it. Asked before anything is sent: such a payout waits, and can still be cancelled.</summary>
    Task<string?> WhyNotYetAsync(Payout payout, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>The transfer that was made for this payout, whoever made it and however long ago; null when there is none.</summary>
    Task<Transfer?> FindAsync(Payout payout, CancellationToken cancel);

    /// <summary>Makes the transfer, with the payout's id as the key by which the rail makes it once.</summary>
    Task<Transfer> SendAsync(Payout payout, CancellationToken cancel);
}

/// <summary>Nobody knows whether the rail has done it: it did not answer, or with an error of its own.</summary>
public sealed class TransferUnclearException(string message, Exception? inner = null) : Exception(message, inner);
