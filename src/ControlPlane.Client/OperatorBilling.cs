using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>An organization as the operator bills it.</summary>
/// <param name="MonthlyMinor">What its subscription is worth a month, without tax and discounts.</param>
public sealed record CustomerResource(
    string OrganizationId, string Name, string Email, string Provider, string Currency, string Interval, int TaxRatePpm, int TermsDays, string? ResellerId, long MonthlyMinor, long OpenMinor, long BalanceMinor,
    DunningResource Dunning, string? HoldReason, DateTimeOffset CreatedAt);

/// <summary>PATCH /v1/operator/customers/{id}: only what is given changes.</summary>
/// <param name="TaxRatePpm">Parts per million: 190000 is 19 %.</param>
/// <param name="IsOnHold">Nothing more is taken away while somebody looks at it.</param>
public sealed record UpdateCustomerRequest(
    [property: Range(0, 1_000_000, ErrorMessage = "A tax rate is 0 to 1000000 parts per million.")] int? TaxRatePpm = null,
    [property: Range(0, 365, ErrorMessage = "Payment terms are 0 to 365 days.")] int? TermsDays = null,
    bool? IsOnHold = null,
    [property: MaxLength(500, ErrorMessage = "A reason has at most 500 characters.")] string? HoldReason = null);

/// <summary>PUT /v1/operator/customers/{id}/reseller: through whom the customer came, from then on.</summary>
/// <param name="ResellerId">Null: through nobody.</param>
/// <param name="From">Now when left out.</param>
public sealed record AttributeCustomerRequest(string? ResellerId = null, DateTimeOffset? From = null);

/// <summary>POST /v1/operator/invoices/{id}/receipts: money that came by bank transfer.</summary>
/// <param name="Reference">The bank's; the same one again records nothing twice.</param>
/// <param name="FeeMinor">What the bank kept of it.</param>
public sealed record RecordReceiptRequest(
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long AmountMinor,
    [property: Required(ErrorMessage = "Enter the bank's reference."), MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string Reference,
    DateTimeOffset? ReceivedAt = null,
    [property: Range(0, long.MaxValue, ErrorMessage = "A fee is not below 0.")] long FeeMinor = 0);

/// <summary>Why something is done that cannot be undone: void, write-off, rejection.</summary>
public sealed record ReasonRequest([property: Required(ErrorMessage = "Say why."), MaxLength(500, ErrorMessage = "A reason has at most 500 characters.")] string Reason);

/// <summary>POST /v1/operator/invoices/{id}/credit, POST /v1/operator/payments/{id}/refunds</summary>
/// <param name="AmountMinor">Tax included.</param>
/// <param name="Reference">Of a refund that has left already: the bank's. It is settled with it, if nobody else has to approve it.</param>
public sealed record AmountRequest(
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1, in the smallest unit of the currency.")] long AmountMinor,
    [property: Required(ErrorMessage = "Say why."), MaxLength(500, ErrorMessage = "A reason has at most 500 characters.")] string Reason,
    [property: MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string? Reference = null);

/// <param name="State">awaiting_approval, pending, succeeded, failed or rejected.</param>
/// <param name="Provider">Of the payment: what went out by stripe, stripe alone says whether it arrived.</param>
/// <param name="RequestedByName">The e-mail address of whoever asked, in lists; null for what is no person.</param>
public sealed record RefundResource(
    string Id, string OrganizationId, string PaymentId, string? CreditNoteId, long AmountMinor, long TaxMinor, string Currency, string State, string Reason, string RequestedBy, string? ApprovedBy, DateTimeOffset RequestedAt,
    DateTimeOffset? SettledAt, string? Reference, string Provider, string? CustomerName = null, string? RequestedByName = null, string? ApprovedByName = null);

/// <summary>POST /v1/operator/refunds/{id}/settle: it has left the bank.</summary>
public sealed record SettleRefundRequest([property: Required(ErrorMessage = "Enter the bank's reference."), MaxLength(140, ErrorMessage = "A reference has at most 140 characters.")] string Reference, DateTimeOffset? At = null);

/// <summary>POST /v1/operator/coupons</summary>
/// <param name="PercentPpm">Parts per million off; or give an amount.</param>
/// <param name="Duration">once, repeating (for <paramref name="Months"/>) or forever.</param>
public sealed record CreateCouponRequest(
    [property: Required(ErrorMessage = "Choose a code."), RegularExpression("^[A-Z0-9-]{3,40}$", ErrorMessage = "A code has 3 to 40 capital letters, digits and hyphens.")] string Code,
    [property: Required(ErrorMessage = "Say for how long."), RegularExpression("^(once|repeating|forever)$", ErrorMessage = "A coupon counts once, repeating or forever.")] string Duration,
    [property: Range(1, 1_000_000, ErrorMessage = "A percentage is 1 to 1000000 parts per million.")] int? PercentPpm = null,
    [property: Range(1, long.MaxValue, ErrorMessage = "An amount is at least 1.")] long? AmountMinor = null,
    string? Currency = null,
    [property: Range(1, 120, ErrorMessage = "1 to 120 months.")] int? Months = null,
    [property: Range(1, int.MaxValue, ErrorMessage = "At least one redemption.")] int? RedemptionsMax = null,
    DateTimeOffset? ExpiresAt = null);

public sealed record CouponResource(
    string Code, int? PercentPpm, long? AmountMinor, string? Currency, string Duration, int? Months, int? RedemptionsMax, int Redemptions, DateTimeOffset? ExpiresAt, DateTimeOffset? EndedAt, DateTimeOffset CreatedAt);

/// <summary>POST /v1/operator/customers/{id}/overrides: what a customer gets besides its plan.</summary>
/// <param name="Key">An entitlement's, as in the values of GET /v1/plans.</param>
/// <param name="InstanceId">One instance; all of the organization's when left out.</param>
public sealed record OverrideRequest(
    [property: Required(ErrorMessage = "Name the entitlement.")] string Key,
    [property: Required(ErrorMessage = "Give its value.")] string Value,
    [property: Required(ErrorMessage = "Say why."), MaxLength(500, ErrorMessage = "A reason has at most 500 characters.")] string Reason,
    string? InstanceId = null,
    DateTimeOffset? ExpiresAt = null);

public sealed record OverrideResource(string Id, string OrganizationId, string? InstanceId, string Key, string Value, string Reason, string Actor, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>POST /v1/operator/plans/{id}/versions: new terms of a plan, or of a new one. Sealed at once; instances that have the plan keep their version.</summary>
/// <param name="Values">Everything it entitles to, by key.</param>
public sealed record PlanVersionRequest(
    [property: Required(ErrorMessage = "Name the plan."), StringLength(60, MinimumLength = 1, ErrorMessage = "A name has 1 to 60 characters.")] string Name,
    [property: Required(ErrorMessage = "Describe the plan."), MaxLength(200, ErrorMessage = "A summary has at most 200 characters.")] string Summary,
    [property: Required(ErrorMessage = "Give its prices.")] IReadOnlyList<PriceResource> Prices,
    [property: Required(ErrorMessage = "Say what it entitles to.")] IReadOnlyDictionary<string, string> Values,
    int Position = 0,
    [property: Range(0, 365, ErrorMessage = "A trial has 0 to 365 days.")] int TrialDays = 0,
    bool IsAddOn = false,
    bool IsPublic = true,
    bool RequiresVendorContract = false);

/// <summary>A plan or add-on as the operator offers it.</summary>
public sealed record PlanOfferResource(
    string Key, string Name, string Summary, int Position, bool IsAddOn, bool IsPublic, bool RequiresVendorContract, int Version, int TrialDays, DateTimeOffset CreatedAt, string CreatedBy, IReadOnlyList<PriceResource> Prices,
    IReadOnlyDictionary<string, string> Values);

/// <summary>GET /v1/operator/revenue: each month's money, for charts.</summary>
public sealed record RevenueResponse(IReadOnlyList<RevenueMonth> Months, IReadOnlyList<RecurringRevenue> Recurring);

/// <summary>Of one month and currency, in minor units.</summary>
/// <param name="CashMinor">Received, refunds and disputes taken off.</param>
/// <param name="OperatorMinor">What is left to the operator after fees and shares.</param>
public sealed record RevenueMonth(DateOnly Month, string Currency, long RevenueMinor, long CashMinor, long FeesMinor, long VendorMinor, long ResellerMinor, long OperatorMinor);

/// <param name="MonthlyMinor">Worth a month of everything that is subscribed to.</param>
public sealed record RecurringRevenue(string Currency, string Plan, int Items, long MonthlyMinor);
