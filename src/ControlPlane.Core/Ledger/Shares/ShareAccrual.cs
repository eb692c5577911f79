using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>
/// What one party earned of one payment, and where that stands. The amounts say what the journals of the payment say; both are written in one transaction, and
/// <see cref="AccrualCheck"/> compares them. Changed only under a lock on the row.
/// </summary>
public sealed class ShareAccrual
{
    public required ShareAccrualId Id { get; init; }

    /// <summary>The correlation of every journal about it.</summary>
    public required string PaymentId { get; init; }
    public required string OrganizationId { get; init; }
    public required string InvoiceId { get; init; }
    public required PartyKind PartyKind { get; init; }
    public required string PartyId { get; init; }
    public required string Currency { get; init; }

    /// <summary>The cash of the sale without its tax, in <see cref="Currency"/>: what the share is a share of.</summary>
    public required long SaleMinor { get; init; }
    public required long ShareMinor { get; init; }
    public long ReversedHeldMinor { get; private set; }
    public long ReversedPayableMinor { get; private set; }
    public long ReleasedMinor { get; private set; }

    /// <summary>What the party bears of the payment fee when all of the payment is refunded, and what it bears so far.</summary>
    public required long RefundFeeMinor { get; init; }
    public long RefundFeeBorneMinor { get; private set; }
    public required bool BearsDisputeFee { get; init; }
    public required DateTimeOffset PaidAt { get; init; }
    public required DateTimeOffset HoldUntil { get; init; }
    public required ShareRelease Release { get; init; }
    public required DateTimeOffset ServiceFrom { get; init; }
    public required int ServiceMonths { get; init; }
    public int PartsReleased { get; private set; }

    /// <summary>How many journals have released something of it; numbers the next.</summary>
    public int Releases { get; private set; }

    /// <summary>Null when nothing is left to release.</summary>
    public DateTimeOffset? NextReleaseAt { get; private set; }

    /// <summary>Since when it is frozen by a dispute; nothing is released meanwhile.</summary>
    public DateTimeOffset? FrozenAt { get; private set; }

    /// <summary>What comes from each contract.</summary>
    public List<AccruedPart> Parts { get; init; } = [];

    public Party Party => new(PartyKind, PartyId);
    public ReleaseTerms Terms => new(Release, HoldUntil, ServiceFrom, ServiceMonths);
    public SharePosition Position => new(Party, Billing.Currency.Parse(Currency), ShareMinor, ReversedHeldMinor, ReversedPayableMinor, ReleasedMinor);

    internal void Plan() => NextReleaseAt = Terms.DueAfter(PartsReleased);

    /// <summary>What is due at <paramref name="now"/> has become payable.</summary>
    internal void MarkReleased(DateTimeOffset now)
    {
        var due = Terms.PartsDueAt(now);
        var after = Position.AfterRelease(due, Terms.Parts);
        if (after.Released != ReleasedMinor)
            Releases++;
        (ReleasedMinor, PartsReleased) = (after.Released, Math.Max(PartsReleased, due));
        Plan();
    }

    internal void MarkReversed(long refunded, long original)
    {
        var after = Position.AfterReversal(refunded, original);
        (ReversedHeldMinor, ReversedPayableMinor) = (after.ReversedHeld, after.ReversedPayable);
        RefundFeeBorneMinor = ShareTerms.RefundFeeBorne(RefundFeeMinor, refunded, original);
        // A refund that failed after the last release gives back what would otherwise be held for ever.
        if (NextReleaseAt is null && after.Held > 0)
            NextReleaseAt = HoldUntil;
    }

    internal void Freeze(DateTimeOffset at) => FrozenAt ??= at;

    internal void Unfreeze() => FrozenAt = null;
}

/// <summary>What of a share comes from one version of a contract. Written with the accrual, and never changed.</summary>
public sealed class AccruedPart
{
    public required ShareAccrualId AccrualId { get; init; }
    public required ContractId ContractId { get; init; }
    public required long ShareMinor { get; init; }
}
