using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger;

public enum JournalKind
{
    Payment,
    Shares,
    Refund,
    ShareReversal,
    Release,
    Payout,
    PayoutSettled,
    PayoutReversed,
    DisputeWithdrawn,
    DisputeReinstated,
    DisputeLost,
    Clawback,
    CreditNote,
    Issue,
    Receipt,
    Void,
    WriteOff,
    Fx,

    /// <summary>What the provider takes for itself, apart from payments.</summary>
    ProviderFee,
}

/// <summary>What a journal is about. Source, kind and sequence name it: the same three are posted once.</summary>
/// <param name="Type">What the source is: charge, refund, invoice, payout…</param>
/// <param name="Seq">1, and more where one object has several effects of one kind, as the months of a release.</param>
/// <param name="EffectiveAt">When it happened; the statement it appears on follows from when it is posted.</param>
/// <param name="Correlation">What ties journals together: the payment that shares, reversals and releases go back to.</param>
public sealed record JournalSource(string Type, string Id, DateTimeOffset EffectiveAt, int Seq = 1, string? Correlation = null, string? Memo = null);

/// <summary>Debit above zero, credit below; never zero.</summary>
public readonly record struct Line(AccountKey Account, Money Amount);

/// <summary>A journal as a posting function made it, before it is stored. Sums to zero in each of its currencies.</summary>
public sealed record JournalDraft
{
    JournalDraft(JournalSource source, JournalKind kind, IReadOnlyList<Line> lines)
    {
        Source = source;
        Kind = kind;
        Lines = lines;
    }

    public JournalSource Source { get; }
    public JournalKind Kind { get; }
    public IReadOnlyList<Line> Lines { get; }

    /// <summary>The versions of contracts that its amounts come from.</summary>
    public IReadOnlyList<ContractId> Contracts { get; init; } = [];
    public JournalId? Reverses { get; init; }

    /// <summary>Lines on one account become one, and lines of nothing go.</summary>
    /// <exception cref="InvalidOperationException">The lines do not balance, or nothing is left of them.</exception>
    public static JournalDraft Of(JournalSource source, JournalKind kind, params IEnumerable<Line> lines) =>
        OrNothing(source, kind, lines) ?? throw new InvalidOperationException($"{kind} of {source.Type} {source.Id} moves nothing");

    /// <summary>As <see cref="Of"/>; null when nothing is left.</summary>
    public static JournalDraft? OrNothing(JournalSource source, JournalKind kind, params IEnumerable<Line> lines)
    {
        var sums = lines.GroupBy(l => (l.Account, l.Amount.Currency)).Select(g => new Line(g.Key.Account, g.Aggregate(Money.Zero(g.Key.Currency), (sum, l) => sum + l.Amount)))
            .Where(l => !l.Amount.IsZero).ToList();
        foreach (var currency in sums.GroupBy(l => l.Amount.Currency))
        {
            var sum = currency.Aggregate((Int128)0, (total, l) => total + l.Amount.Minor);
            if (sum != 0)
                throw new InvalidOperationException($"{kind} of {source.Type} {source.Id} is off by {sum} in {currency.Key}");
        }
        return sums.Count == 0 ? null : new JournalDraft(source, kind, sums);
    }

    /// <summary>The same amounts the other way, for an event that turned out not to have happened (a refund that failed).</summary>
    public JournalDraft Undo(JournalSource source, JournalId undone) =>
        new(source, Kind, [.. Lines.Select(l => l with { Amount = -l.Amount })]) { Contracts = Contracts, Reverses = undone };
}
