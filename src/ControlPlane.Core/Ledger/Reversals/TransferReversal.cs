using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Reversals;

public enum ReversalState
{
    /// <summary>The rail may have it, and it is not known whether it does: looked up before it is sent again.</summary>
    Sending,

    /// <summary>The money is back, and the party's debt is less by it.</summary>
    Settled,

    /// <summary>The rail refused it; nothing came back.</summary>
    Failed,
}

/// <summary>A transfer that was paid out, taken back in part or whole because its party owes. What it is about never changes; its state does, under a lock on the row.</summary>
public sealed class TransferReversal
{
    public required TransferReversalId Id { get; init; }
    public required PayoutId PayoutId { get; init; }
    public required PartyKind PartyKind { get; init; }
    public required string PartyId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public ReversalState State { get; private set; } = ReversalState.Sending;

    /// <summary>The rail's id of it.</summary>
    public string? Reference { get; private set; }
    public string? FailureReason { get; private set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; private set; }

    public Party Party => new(PartyKind, PartyId);
    public Money Amount => new(AmountMinor, Billing.Currency.Parse(Currency));

    public void MarkSettled(string reference, DateTimeOffset now) => End(ReversalState.Settled, reference, null, now);

    public void MarkFailed(string reason, DateTimeOffset now) => End(ReversalState.Failed, null, reason, now);

    void End(ReversalState to, string? reference, string? reason, DateTimeOffset now)
    {
        if (State != ReversalState.Sending)
            throw new InvalidOperationException($"the reversal {Id} is {State} and cannot become {to}");
        (State, Reference, FailureReason, EndedAt) = (to, reference, reason, now);
    }
}
