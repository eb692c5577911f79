using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>What a party gets, for a time: one version.</summary>
/// <param name="Party">vendor:name or reseller:org_….</param>
/// <param name="Basis">gross_ex_tax, net_of_fees, net_of_fees_and_vendor or per_unit.</param>
/// <param name="RatePpm">Parts per million of the basis; null per unit.</param>
public sealed record ContractResource(
    string Id, string Party, int Version, string Scope, string ScopeKey, string Basis, int? RatePpm, long? FixedMinor, string? Currency, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo, int Priority,
    int HoldDays, string Release, long MinPayoutMinor, string FeeOnRefund, string DisputeFee, string RateSelector, string? DocumentRef, string ApprovedBy, DateTimeOffset CreatedAt);

/// <summary>POST /v1/operator/contracts</summary>
/// <param name="RatePpm">Parts per million: 250000 is 25 %. With every basis but per_unit.</param>
/// <param name="FixedMinor">For each unit, with the basis per_unit, in <paramref name="Currency"/>.</param>
/// <param name="ValidFrom">Now when left out.</param>
/// <param name="ScopeKey">The product, plan or customer; not for all.</param>
/// <param name="DocumentRef">Where the signed paper is.</param>
public sealed record CreateContractRequest(
    [property: Required(ErrorMessage = "Name the party.")] string Party,
    [property: AllowedValues("gross_ex_tax", "net_of_fees", "net_of_fees_and_vendor", "per_unit", ErrorMessage = "A basis is gross_ex_tax, net_of_fees, net_of_fees_and_vendor or per_unit.")] string Basis,
    [property: Range(0, 1_000_000, ErrorMessage = "A rate is 0 to 1000000 parts per million.")] int? RatePpm = null,
    [property: Range(0, long.MaxValue, ErrorMessage = "An amount is not below 0.")] long? FixedMinor = null,
    string? Currency = null,
    DateTimeOffset? ValidFrom = null,
    DateTimeOffset? ValidTo = null,
    [property: AllowedValues("all", "product", "plan", "customer", ErrorMessage = "A scope is all, product, plan or customer.")] string Scope = "all",
    [property: MaxLength(100, ErrorMessage = "A scope's key has at most 100 characters.")] string ScopeKey = "",
    [property: Range(0, 1000, ErrorMessage = "A priority is 0 to 1000.")] int Priority = 0,
    [property: Range(0, 365, ErrorMessage = "Shares are held for 0 to 365 days.")] int HoldDays = 30,
    [property: AllowedValues("on_payment", "monthly", ErrorMessage = "A release is on_payment or monthly.")] string Release = "on_payment",
    [property: Range(0, 1_000_000_000, ErrorMessage = "A minimum is 0 to 1000000000.")] long MinPayoutMinor = 500,
    [property: AllowedValues("operator", "shared", ErrorMessage = "The fee on refunds is borne by the operator, or shared.")] string FeeOnRefund = "operator",
    [property: AllowedValues("operator", "party", ErrorMessage = "The fee of a dispute is borne by the operator or the party.")] string DisputeFee = "operator",
    [property: AllowedValues("period_start", "split_by_time", ErrorMessage = "A rate is selected by period_start or split_by_time.")] string RateSelector = "period_start",
    [property: MaxLength(500, ErrorMessage = "A reference has at most 500 characters.")] string? DocumentRef = null);

/// <summary>POST /v1/operator/contracts/{id}/end</summary>
/// <param name="At">Now when left out.</param>
public sealed record EndContractRequest(DateTimeOffset? At = null);

/// <summary>A line of a journal.</summary>
/// <param name="Owner">The party or customer that the account is kept for; empty where there is one for all.</param>
/// <param name="AmountMinor">Debit above zero, credit below.</param>
public sealed record JournalLineResource(string Account, string Owner, string Currency, long AmountMinor);

/// <summary>What happened, once, and never changed.</summary>
/// <param name="Correlation">What ties it to others: a payment, a payout.</param>
/// <param name="Reverses">The journal that it takes back.</param>
/// <param name="Contracts">The versions that its amounts come from.</param>
public sealed record JournalResource(
    string Id, string Kind, string SourceType, string SourceId, int Seq, DateTimeOffset EffectiveAt, DateTimeOffset PostedAt, string? Correlation, string? Reverses, IReadOnlyList<string> Contracts, string Actor,
    string Provider, string Mode, string? Memo, IReadOnlyList<JournalLineResource> Lines);

/// <summary>GET /v1/operator/ledger/journals/{id}: the journal and why it is there.</summary>
/// <param name="Contracts">As they are, with what they said.</param>
/// <param name="Chain">Everything with the same correlation, in the order it was posted; 200 at most.</param>
/// <param name="ReversedBy">The journal that took it back.</param>
/// <param name="Payouts">Those that pay its lines on payable accounts.</param>
public sealed record JournalDetailResource(JournalResource Journal, IReadOnlyList<ContractResource> Contracts, IReadOnlyList<JournalResource> Chain, string? ReversedBy, IReadOnlyList<string> Payouts);

/// <param name="BalanceMinor">Debit above zero, credit below.</param>
public sealed record BalanceResource(string Account, string Owner, string Currency, string Kind, long BalanceMinor);

/// <summary>GET /v1/operator/ledger/balances</summary>
/// <param name="Before">What was posted before counts; null for everything.</param>
public sealed record BalancesResponse(DateTimeOffset? Before, IReadOnlyList<BalanceResource> Items);

/// <summary>POST /v1/operator/ledger/conversions: an amount of one currency became one of another.</summary>
/// <param name="Account">bank or stripe.</param>
/// <param name="At">When; null for now.</param>
/// <param name="Reference">The bank's or Stripe's; the same one again records nothing twice.</param>
public sealed record RecordConversionRequest(
    [property: AllowedValues("bank", "stripe", ErrorMessage = "It was converted at the bank or at stripe.")] string Account,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long SoldMinor,
    [property: Required(ErrorMessage = "Name the currency that was sold.")] string SoldCurrency,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long BoughtMinor,
    [property: Required(ErrorMessage = "Name the currency that was bought.")] string BoughtCurrency,
    [property: Required(ErrorMessage = "Enter a reference."), MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string Reference,
    DateTimeOffset? At = null);

/// <param name="Month">yyyy-MM, UTC.</param>
/// <param name="Statements">How many were issued with its closing.</param>
public sealed record MonthResource(string Month, bool IsClosed, DateTimeOffset? ClosedAt, string? ClosedBy, int Statements);

/// <summary>GET /v1/operator/ledger/months: the newest first.</summary>
public sealed record MonthsResponse(IReadOnlyList<MonthResource> Items);

/// <summary>In minor units, above zero in the party's favour.</summary>
public sealed record PartyBalanceResource(long HeldMinor, long PayableMinor, long InPayoutMinor);

/// <summary>A statement that was issued, in short.</summary>
public sealed record StatementSummary(string Party, string Month, string Currency, string Number, PartyBalanceResource Opening, PartyBalanceResource Closing, DateTimeOffset IssuedAt);

public sealed record StatementSaleResource(DateTimeOffset PaidAt, string PaymentId, string InvoiceId, string OrganizationId, long SaleMinor, long ShareMinor);

public sealed record StatementContractResource(string Contract, int Version, int Sales, long ShareMinor);

public sealed record StatementLineResource(
    string Journal, string Kind, string SourceType, string SourceId, DateTimeOffset EffectiveAt, DateTimeOffset PostedAt, bool IsPriorPeriod, IReadOnlyList<string> Contracts, string? Memo, PartyBalanceResource Change);

public sealed record StatementTaxResource(long BasisMinor, int RatePpm, long TaxMinor);

/// <summary>A party's month in one currency.</summary>
/// <param name="Number">Null while the month may still change.</param>
/// <param name="Name">Who the party was when the month was closed.</param>
/// <param name="Tax">The party's own, where it is self-billed.</param>
/// <param name="Mode">live, test or simulated: whether its amounts are real.</param>
public sealed record StatementResource(
    string Party, string Month, string Currency, string? Number, bool IsClosed, DateTimeOffset? IssuedAt, string Name, string Address, string Country, string TaxId, DateOnly? TaxIdValidatedOn, bool IsSelfBilled,
    PartyBalanceResource Opening, PartyBalanceResource Closing, StatementTaxResource? Tax, IReadOnlyList<StatementContractResource> Contracts, IReadOnlyList<StatementSaleResource> Sales,
    IReadOnlyList<StatementLineResource> Lines, string Mode = "live");

/// <summary>The time that money goes by.</summary>
/// <param name="AheadSeconds">Of the system's.</param>
public sealed record ClockResource(DateTimeOffset Now, double AheadSeconds, bool IsMovable);

/// <summary>POST /v1/operator/clock: either an instant, or by how much; 400 days at most.</summary>
public sealed record AdvanceClockRequest(DateTimeOffset? At = null, [property: Range(1, 34_560_000, ErrorMessage = "The clock moves by 1 to 34560000 seconds.")] long? AdvanceSeconds = null);

/// <param name="Stops">The moments on the way, each midnight and the end, whose work was done.</param>
public sealed record AdvancedClockResponse(DateTimeOffset From, DateTimeOffset Now, int Stops);
