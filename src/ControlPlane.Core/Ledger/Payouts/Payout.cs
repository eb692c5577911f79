using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Payouts;

/// <summary>By which way money reaches a party.</summary>
public enum PayoutRail
{
    /// <summary>The operator transfers it, and records that.</summary>
    Manual,
    StripeTransfer,
}

public enum PayoutState
{
    PendingApproval,
    Approved,

    /// <summary>The rail may have it, and it is not known whether it does: looked up before it is sent again.</summary>
    Sending,

    /// <summary>The rail has it.</summary>
    Sent,

    /// <summary>It has arrived.</summary>
    Settled,
    Failed,
    Cancelled,
}

/// <summary>
/// Money owed to a party that was set aside to be sent: one for a party, currency and cut-off. What it is about never changes; its state does, under a lock on the row.
/// </summary>
public sealed class Payout
{
    public required PayoutId Id { get; init; }
    public required PartyKind PartyKind { get; init; }
    public required string PartyId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>What was posted before it is paid.</summary>
    public required DateTimeOffset CutOff { get; init; }

    /// <summary>What was payable at the cut-off and not in the journals it covers: the rests of earlier payouts.</summary>
    public required long CarriedMinor { get; init; }
    public required PayoutRail Rail { get; init; }
    public required string Destination { get; init; }

    /// <summary>The destination is new: nothing is sent before.</summary>
    public DateTimeOffset? NotBefore { get; init; }
    public required bool NeedsSecondPerson { get; init; }
    public PayoutState State { get; private set; } = PayoutState.PendingApproval;

    /// <summary>What the rail or the bank calls it.</summary>
    public string? Reference { get; private set; }
    public string? FailureReason { get; private set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? ApprovedBy { get; private set; }
    public DateTimeOffset? ApprovedAt { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>When it failed or was cancelled.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public Party Party => new(PartyKind, PartyId);
    public Money Amount => new(AmountMinor, Billing.Currency.Parse(Currency));

    public void Approve(string by, DateTimeOffset now)
    {
        if (NeedsSecondPerson && by == CreatedBy)
            throw new InvalidOperationException($"payout {Id} needs somebody else's approval than {by}'s");
        Move(PayoutState.Approved, PayoutState.PendingApproval);
        (ApprovedBy, ApprovedAt) = (by, now);
    }

    public void MarkSending() => Move(PayoutState.Sending, PayoutState.Approved, PayoutState.Sending);

    public void MarkSent(string reference, DateTimeOffset now)
    {
        Move(PayoutState.Sent, PayoutState.Sending);
        (Reference, SentAt) = (reference, now);
    }

    public void MarkSettled(string reference, DateTimeOffset now)
    {
        Move(PayoutState.Settled, PayoutState.Sending, PayoutState.Sent);
        (Reference, SentAt, SettledAt) = (reference, SentAt ?? now, now);
    }

    public void MarkFailed(string reason, DateTimeOffset now)
    {
        Move(PayoutState.Failed, PayoutState.Sending, PayoutState.Sent, PayoutState.Settled);
        (FailureReason, EndedAt) = (reason, now);
    }

    public void Cancel(string reason, DateTimeOffset now)
    {
        Move(PayoutState.Cancelled, PayoutState.PendingApproval, PayoutState.Approved);
        (FailureReason, EndedAt) = (reason, now);
    }

    void Move(PayoutState to, params ReadOnlySpan<PayoutState> from) =>
        State = from.Contains(State) ? to : throw new InvalidOperationException($"payout {Id} is {State} and cannot become {to}");
}

/// <summary>A journal that a payout pays, or takes back; each line on a payable account is in one payout. Never changed.</summary>
public sealed class CoveredJournal
{
    public required PayoutId PayoutId { get; init; }
    public required JournalId JournalId { get; init; }
    public required int AccountId { get; init; }

    /// <summary>Above zero in the party's favour.</summary>
    public required long AmountMinor { get; init; }
}
