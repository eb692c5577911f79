using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger;

/// <summary>Whether money really moves. Journals of both never share a database.</summary>
public enum LedgerMode
{
    Live,
    Test,
    Simulated,
}

public sealed class LedgerAccount
{
    public int Id { get; init; }
    public required string Code { get; init; }

    /// <summary>A party's or customer's id; empty where the account is everybody's.</summary>
    public required string PartyId { get; init; }
    public required string Currency { get; init; }
    public required AccountKind Kind { get; init; }
}

/// <summary>What happened, once. The database refuses a change, a removal, and at commit any journal whose lines are not those it announced or do not sum to zero.</summary>
public sealed class Journal
{
    public required JournalId Id { get; init; }
    public required string SourceType { get; init; }
    public required string SourceId { get; init; }
    public required JournalKind Kind { get; init; }
    public required int Seq { get; init; }
    public required int LineCount { get; init; }
    public required DateTimeOffset EffectiveAt { get; init; }

    /// <summary>Decides which month's statement it is on.</summary>
    public required DateTimeOffset PostedAt { get; init; }
    public required Guid[] ContractVersionIds { get; init; }
    public JournalId? Reverses { get; init; }
    public string? Correlation { get; init; }
    public required string Actor { get; init; }
    public required string Provider { get; init; }
    public required LedgerMode Mode { get; init; }
    public string? Memo { get; init; }
}

public sealed class Entry
{
    public required JournalId JournalId { get; init; }
    public required int Line { get; init; }
    public required int AccountId { get; init; }
    public required string Currency { get; init; }

    /// <summary>Minor units; debit above zero, credit below.</summary>
    public required long Amount { get; init; }
}

/// <summary>A month of UTC that nothing can be posted into any more.</summary>
public sealed class ClosedMonth
{
    public required DateOnly Month { get; init; }
    public required DateTimeOffset ClosedAt { get; init; }
    public required string ClosedBy { get; init; }
}
