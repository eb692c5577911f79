using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>A vendor or a reseller.</summary>
/// <param name="Party">vendor:name or reseller:org_….</param>
/// <param name="Rail">manual or stripe_transfer.</param>
/// <param name="Destination">Where its money goes; empty while nothing can be paid out.</param>
/// <param name="DestinationChangedAt">Nothing is sent for some days after.</param>
/// <param name="Organization">Of a vendor: whose people see its balances, statements and payouts; null while nobody does.</param>
public sealed record PartyResource(
    string Party, string Name, string Email, string Address, string Country, string TaxId, DateOnly? TaxIdValidatedOn, int TaxRatePpm, bool IsSelfBilled, string Rail, string Destination,
    DateTimeOffset? DestinationChangedAt, DateTimeOffset? FrozenAt, string? FrozenReason, DateTimeOffset CreatedAt, string? Organization = null);

/// <summary>GET /v1/operator/parties</summary>
public sealed record PartiesResponse(IReadOnlyList<PartyResource> Items);

/// <summary>POST /v1/operator/parties</summary>
public sealed record CreatePartyRequest(
    [property: Required(ErrorMessage = "Name the party.")] string Party,
    [property: Required(ErrorMessage = "Enter a name."), MaxLength(200, ErrorMessage = "A name has at most 200 characters.")] string Name,
    [property: MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string Email = "",
    [property: MaxLength(500, ErrorMessage = "An address has at most 500 characters.")] string Address = "",
    [property: RegularExpression("^([A-Z]{2})?$", ErrorMessage = "A country is two capital letters.")] string Country = "",
    [property: MaxLength(60, ErrorMessage = "A tax id has at most 60 characters.")] string TaxId = "",
    DateOnly? TaxIdValidatedOn = null,
    [property: Range(0, 1_000_000, ErrorMessage = "A tax rate is 0 to 1000000 parts per million.")] int TaxRatePpm = 0,
    bool IsSelfBilled = false,
    [property: AllowedValues("manual", "stripe_transfer", ErrorMessage = "A rail is manual or stripe_transfer.")] string Rail = "manual",
    [property: MaxLength(140, ErrorMessage = "A destination has at most 140 characters.")] string Destination = "",
    string? Organization = null);

/// <summary>PATCH /v1/operator/parties/{id}: only what is given changes.</summary>
/// <param name="Organization">Of a vendor: whose people see what is its; empty for nobody.</param>
public sealed record UpdatePartyRequest(
    [property: MinLength(1, ErrorMessage = "Enter a name."), MaxLength(200, ErrorMessage = "A name has at most 200 characters.")] string? Name = null,
    [property: MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string? Email = null,
    [property: MaxLength(500, ErrorMessage = "An address has at most 500 characters.")] string? Address = null,
    [property: RegularExpression("^([A-Z]{2})?$", ErrorMessage = "A country is two capital letters.")] string? Country = null,
    [property: MaxLength(60, ErrorMessage = "A tax id has at most 60 characters.")] string? TaxId = null,
    DateOnly? TaxIdValidatedOn = null,
    [property: Range(0, 1_000_000, ErrorMessage = "A tax rate is 0 to 1000000 parts per million.")] int? TaxRatePpm = null,
    bool? IsSelfBilled = null,
    [property: AllowedValues("manual", "stripe_transfer", null, ErrorMessage = "A rail is manual or stripe_transfer.")] string? Rail = null,
    [property: MaxLength(140, ErrorMessage = "A destination has at most 140 characters.")] string? Destination = null,
    string? Organization = null);

/// <summary>POST /v1/operator/parties/{id}/clawbacks: a party that owed has paid, or was sent an invoice.</summary>
/// <param name="Into">bank, stripe, or receivable for an invoice.</param>
/// <param name="Reference">The bank's or the invoice's; the same one again records nothing twice.</param>
public sealed record ClawBackRequest(
    [property: Required(ErrorMessage = "Name the currency.")] string Currency,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long AmountMinor,
    [property: AllowedValues("bank", "stripe", "receivable", ErrorMessage = "It goes into bank, stripe or receivable.")] string Into,
    [property: Required(ErrorMessage = "Enter a reference."), MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string Reference);

/// <summary>POST /v1/operator/parties/{id}/write-offs: a party will never pay what it owes. Whoever calls approves it by name.</summary>
public sealed record WriteOffDebtRequest(
    [property: Required(ErrorMessage = "Name the currency.")] string Currency,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long AmountMinor,
    [property: Required(ErrorMessage = "Say why."), MaxLength(500, ErrorMessage = "A reason has at most 500 characters.")] string Reason);

/// <summary>Money for a party: one for a party, currency and cut-off.</summary>
/// <param name="CarriedMinor">What was payable at the cut-off besides the journals it covers.</param>
/// <param name="State">pending_approval, approved, sending, sent, settled, failed or cancelled.</param>
/// <param name="NotBefore">The destination is new, so that nothing is sent before.</param>
public sealed record PayoutResource(
    string Id, string Party, string Currency, long AmountMinor, DateTimeOffset CutOff, long CarriedMinor, string Rail, string Destination, string State, bool NeedsSecondPerson, DateTimeOffset? NotBefore, string? Reference,
    string? FailureReason, string CreatedBy, DateTimeOffset CreatedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, DateTimeOffset? SentAt, DateTimeOffset? SettledAt, DateTimeOffset? EndedAt);

/// <param name="AmountMinor">Above zero in the party's favour.</param>
public sealed record CoveredJournalResource(string Journal, long AmountMinor);

/// <summary>GET /v1/operator/payouts/{id}</summary>
/// <param name="CoversCount">How many journals it covers; the first 1000 are listed.</param>
public sealed record PayoutDetailResource(PayoutResource Payout, int CoversCount, IReadOnlyList<CoveredJournalResource> Covers);

/// <param name="CutOff">The last 15th, midnight UTC, when left out.</param>
public sealed record RunPayoutsRequest(DateTimeOffset? CutOff = null);

/// <param name="Reason">no_profile, no_destination, frozen or below_minimum.</param>
public sealed record SkippedPayoutResource(string Party, string Currency, long PayableMinor, string Reason);

public sealed record PayoutRunResponse(DateTimeOffset CutOff, IReadOnlyList<PayoutResource> Payouts, IReadOnlyList<SkippedPayoutResource> Skipped);

/// <summary>POST /v1/operator/payouts/{id}/settle: the bank has transferred it.</summary>
public sealed record SettlePayoutRequest(
    [property: Required(ErrorMessage = "Enter the bank's reference."), MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string Reference, DateTimeOffset? ArrivedAt = null);
