using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Statements;

/// <summary>Where a party stands, in minor units; above zero is in its favour.</summary>
/// <param name="Held">Earned, and still held back.</param>
/// <param name="Payable">Below zero when more was taken back than was left to pay.</param>
/// <param name="InPayout">Sent, and not yet known to have arrived.</param>
public readonly record struct PartyBalance(long Held, long Payable, long InPayout)
{
    public static PartyBalance operator +(PartyBalance left, PartyBalance right) =>
        new(checked(left.Held + right.Held), checked(left.Payable + right.Payable), checked(left.InPayout + right.InPayout));

    public static PartyBalance Add(PartyBalance left, PartyBalance right) => left + right;
}

/// <summary>What one journal changed.</summary>
/// <param name="IsPriorPeriod">It happened before the statement's month and was only posted in it.</param>
/// <param name="Contracts">The versions its amounts come from.</param>
public sealed record StatementLine(
    JournalId Journal, JournalKind Kind, string SourceType, string SourceId, DateTimeOffset EffectiveAt, DateTimeOffset PostedAt, bool IsPriorPeriod, IReadOnlyList<ContractId> Contracts, string? Memo,
    PartyBalance Change)
{
    /// <summary>What ties it to others: the payment, or the payout.</summary>
    public string? Correlation { get; init; }
}

/// <summary>
/// A party's month in one currency. What is on it follows from when a journal was posted, so the statement of a closed month is the same whenever it is read.
/// </summary>
/// <param name="Month">Its first day, UTC.</param>
/// <param name="IsClosed">False while the month may still change.</param>
public sealed record PartyStatement(Party Party, Currency Currency, DateOnly Month, bool IsClosed, PartyBalance Opening, IReadOnlyList<StatementLine> Lines)
{
    public PartyBalance Closing => Lines.Aggregate(Opening, (sum, line) => sum + line.Change);

    public PartyBalance Total(JournalKind kind) => Lines.Where(l => l.Kind == kind).Aggregate(default(PartyBalance), (sum, line) => sum + line.Change);
}
