using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>GET /v1/billing: how the organization is billed and what it pays for.</summary>
/// <param name="Provider">manual (invoices payable by bank transfer) or stripe.</param>
/// <param name="Mode">live, test or simulated: whether money really moves.</param>
/// <param name="Interval">month or year.</param>
/// <param name="TaxRatePpm">Parts per million on top of prices.</param>
/// <param name="PeriodEnd">When the period that is paid for ends; null while nothing is paid for.</param>
/// <param name="BalanceMinor">To the customer's credit; the next invoice is met from it first.</param>
/// <param name="OpenMinor">Of all open invoices together.</param>
/// <param name="RenewalMinor">What the next period costs without tax, discounts and use beyond what is included.</param>
public sealed record BillingResource(
    string Provider, string Mode, string Currency, string Interval, string Name, string Email, string Address, string Country, string TaxId, int TaxRatePpm, int TermsDays,
    DateTimeOffset? PeriodStart, DateTimeOffset? PeriodEnd, long BalanceMinor, long OpenMinor, long RenewalMinor, DunningResource Dunning, IReadOnlyList<SubscriptionItemResource> Items, IReadOnlyList<DiscountResource> Coupons);

/// <param name="State">current, past_due, restricted, suspended, deletion_scheduled, deleted or purged.</param>
/// <param name="NextState">What follows at <paramref name="NextAt"/> if nothing is paid.</param>
public sealed record DunningResource(string State, DateTimeOffset? OverdueSince, string? NextState, DateTimeOffset? NextAt, bool IsOnHold);

/// <param name="State">trialing, pending, active or ended.</param>
/// <param name="AmountMinor">Per period, without tax.</param>
/// <param name="NextPlan">What it becomes when the period ends.</param>
public sealed record SubscriptionItemResource(
    string Id, string Plan, int PlanVersion, string PlanName, string? InstanceId, string? InstanceName, bool IsAddOn, int Quantity, string State, long AmountMinor, DateTimeOffset StartedAt, DateTimeOffset? TrialEndsAt,
    bool CancelsAtPeriodEnd, string? NextPlan);

/// <param name="Code">Of the coupon.</param>
/// <param name="EndsAt">Null for ever, or for one invoice.</param>
public sealed record DiscountResource(string Code, int? PercentPpm, long? AmountMinor, string Duration, DateTimeOffset? EndsAt);

/// <summary>PATCH /v1/billing: only what is given changes. Currency and interval can change while nothing is paid for.</summary>
public sealed record UpdateBillingRequest(
    [property: StringLength(200, MinimumLength = 1, ErrorMessage = "A name has 1 to 200 characters.")] string? Name = null,
    [property: EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string? Email = null,
    [property: MaxLength(1000, ErrorMessage = "An address has at most 1000 characters.")] string? Address = null,
    [property: RegularExpression("^([A-Z]{2})?$", ErrorMessage = "A country is two capital letters, as in ISO 3166: DE, US.")] string? Country = null,
    [property: MaxLength(40, ErrorMessage = "A tax id has at most 40 characters.")] string? TaxId = null,
    string? Currency = null,
    [property: RegularExpression("^(month|year)$", ErrorMessage = "The interval is month or year.")] string? Interval = null);

/// <summary>POST /v1/billing/preview: what a change of plan would cost now.</summary>
/// <param name="InstanceId">An instance; left out for a new one.</param>
/// <param name="When">Of a smaller plan: period_end (when left out) or now.</param>
public sealed record PreviewRequest(
    [property: Required(ErrorMessage = "Name the plan. GET /v1/plans lists them.")] string Plan,
    string? InstanceId = null,
    [property: RegularExpression("^(now|period_end)$", ErrorMessage = "A change begins now or at period_end.")] string? When = null);

/// <summary>Exact: carried out with the same <paramref name="ProrationAt"/> within 10 minutes it costs this.</summary>
/// <param name="Kind">free, trial, start, upgrade, downgrade or cancel.</param>
/// <param name="TotalMinor">To pay now, tax included; below zero goes to the balance.</param>
/// <param name="FromBalanceMinor">Of it, what the balance meets.</param>
/// <param name="RenewalMinor">Of this instance each period from then on, without tax.</param>
public sealed record PreviewResource(
    string Kind, DateTimeOffset ProrationAt, DateTimeOffset EffectiveAt, DateTimeOffset? TrialEndsAt, string Currency, long SubtotalMinor, long DiscountMinor, long TaxMinor, long TotalMinor,
    long FromBalanceMinor, long? RenewalMinor, IReadOnlyList<InvoiceLineResource> Lines);

/// <param name="State">open, paid, void or uncollectible.</param>
/// <param name="IsOverdue">Open and past its due date.</param>
/// <param name="HostedAddress">Where the provider shows it and takes its payment; null for invoices that are paid by bank transfer.</param>
/// <param name="PdfAddress">The provider's own PDF of it.</param>
public sealed record InvoiceResource(
    string Id, string Number, string OrganizationId, string State, string Reason, string Currency, long SubtotalMinor, long DiscountMinor, long TaxMinor, long TotalMinor, long FromBalanceMinor, long PaidMinor,
    long CreditedMinor, long OpenMinor, DateTimeOffset IssuedAt, DateTimeOffset DueAt, DateTimeOffset? SettledAt, bool IsOverdue, string Provider, string Mode, string? ResellerId, BillToResource BillTo,
    IReadOnlyList<InvoiceLineResource> Lines, string? HostedAddress = null, string? PdfAddress = null);

/// <summary>Who an invoice was written to, as it was issued.</summary>
public sealed record BillToResource(string Name, string Email, string Address, string Country, string TaxId, int TaxRatePpm);

/// <param name="AmountMinor">Before discount and tax; below zero where unused time is given back.</param>
public sealed record InvoiceLineResource(
    string Description, string Plan, string? InstanceId, long Quantity, long AmountMinor, long DiscountMinor, long TaxMinor, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool IsProration);

/// <param name="RefundableMinor">What of it could still be paid back.</param>
/// <param name="CustomerName">In lists of the operator.</param>
public sealed record PaymentResource(
    string Id, string OrganizationId, string? InvoiceId, string Provider, string Reference, long AmountMinor, long AppliedMinor, long FeeMinor, string Currency, DateTimeOffset ReceivedAt, long RefundedMinor, long LostMinor, long RefundableMinor,
    string? CustomerName = null);

/// <param name="OffOpenMinor">Taken off what was open; the rest went to the balance or was paid back.</param>
public sealed record CreditNoteResource(
    string Id, string Number, string? InvoiceId, string Currency, long TotalMinor, long TaxMinor, long OffOpenMinor, long ToBalanceMinor, long RefundedMinor, string Reason, DateTimeOffset IssuedAt);

/// <summary>POST /v1/billing/checkout: the page on which the first plan is paid for.</summary>
/// <param name="InstanceId">Which instance gets the plan once it is paid.</param>
public sealed record CheckoutRequest(
    [property: Required(ErrorMessage = "Name the plan. GET /v1/plans lists them.")] string Plan,
    [property: Required(ErrorMessage = "Name the instance that gets the plan.")] string InstanceId);

/// <summary>A page at the provider. Open it at once.</summary>
/// <param name="ExpiresAt">Null for pages that do not say.</param>
public sealed record ProviderPageResource(string Address, DateTimeOffset? ExpiresAt);

/// <summary>Jobs of an instance in the period that runs.</summary>
/// <param name="OverageMinor">What it would cost if the period ended now; null where the plan has no overage.</param>
public sealed record UsageResource(string InstanceId, string InstanceName, DateTimeOffset PeriodStart, long Jobs, long JobsIncluded, long? OverageMinor, string Currency, DateTimeOffset ReadAt);

/// <summary>POST /v1/billing/coupons</summary>
public sealed record RedeemCouponRequest([property: Required(ErrorMessage = "Enter the coupon's code.")] string Code);

/// <summary>POST /v1/billing/add-ons</summary>
/// <param name="AddOn">Its key, of GET /v1/add-ons.</param>
public sealed record AddAddOnRequest(
    [property: Required(ErrorMessage = "Name the add-on. GET /v1/add-ons lists them.")] string AddOn,
    [property: Required(ErrorMessage = "Name the instance it is for.")] string InstanceId,
    [property: Range(1, 100, ErrorMessage = "1 to 100 of one add-on.")] int Quantity = 1);
