namespace ControlPlane.Client;

/// <summary>What a month brought, in one currency: shares that accrued, that were taken back, and what was paid out.</summary>
/// <param name="Month">yyyy-MM.</param>
public sealed record PartyMonthResource(string Month, string Currency, long SharesMinor, long ReversedMinor, long PaidOutMinor);

/// <summary>GET /v1/reseller/revenue, GET /v1/parties/{id}/revenue: twelve months, the oldest first, and what is owed now.</summary>
public sealed record PartyRevenueResponse(IReadOnlyList<PartyMonthResource> Months, IReadOnlyList<PartyStandingResource> Balances);

/// <summary>What is owed to the party now, in one currency.</summary>
/// <param name="HeldMinor">Not payable yet: customers may still get their money back.</param>
/// <param name="PayableMinor">What the next run pays out; below zero when more was taken back than was left to pay, and then the next shares fill it first.</param>
/// <param name="InPayoutMinor">Sent, and not yet known to have arrived.</param>
public sealed record PartyStandingResource(string Currency, long HeldMinor, long PayableMinor, long InPayoutMinor);

/// <summary>A party as its own people see it.</summary>
/// <param name="Party">vendor:name or reseller:org_….</param>
/// <param name="Destination">Where its money goes; empty while nothing can be paid out.</param>
/// <param name="DestinationChangedAt">Nothing is sent for some days after.</param>
/// <param name="FrozenAt">Since when the operator pays nothing out.</param>
public sealed record OwnPartyResource(
    string Party, string Name, string Email, string Address, string Country, string TaxId, DateOnly? TaxIdValidatedOn, int TaxRatePpm, bool IsSelfBilled, string Rail, string Destination,
    DateTimeOffset? DestinationChangedAt, DateTimeOffset? FrozenAt);
