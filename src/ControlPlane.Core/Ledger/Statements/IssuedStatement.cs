namespace ControlPlane.Core.Ledger.Statements;

/// <summary>The statement of a closed month, with its number. Written when the month is closed, and never changed.</summary>
public sealed class IssuedStatement
{
    public required PartyKind PartyKind { get; init; }
    public required string PartyId { get; init; }
    public required string Currency { get; init; }
    public required DateOnly Month { get; init; }

    /// <summary>Counts a party's statements, in all its currencies, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Who the party was then, as JSON: <see cref="StatementParty"/>.</summary>
    public required string PartyThen { get; init; }
    public required long OpeningHeldMinor { get; init; }
    public required long OpeningPayableMinor { get; init; }
    public required long OpeningInPayoutMinor { get; init; }
    public required long ClosingHeldMinor { get; init; }
    public required long ClosingPayableMinor { get; init; }
    public required long ClosingInPayoutMinor { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
}

/// <summary>What a statement says of a party.</summary>
public sealed record StatementParty(string Name, string Address, string Country, string TaxId, DateOnly? TaxIdValidatedOn, int TaxRatePpm, bool IsSelfBilled);
