using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Payments;

/// <summary>Cash that came from a customer. What was given back of it stands in its refunds and disputes.</summary>
public sealed class Payment
{
    public required PaymentId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Null for money that came without one, all of which is the customer's balance.</summary>
    public InvoiceId? InvoiceId { get; init; }
    public required BillingProvider Provider { get; init; }

    /// <summary>The charge's id, or the bank's reference; one payment for each.</summary>
    public required string ProviderReference { get; init; }

    /// <summary>What the customer paid, in minor units of <see cref="Currency"/>.</summary>
    public required long AmountMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>Of <see cref="AmountMinor"/>, what went to the invoice; the rest is the customer's balance.</summary>
    public required long AppliedMinor { get; init; }

    /// <summary>The tax in what was applied.</summary>
    public required long AppliedTaxMinor { get; init; }

    /// <summary>What was settled, before <see cref="FeeMinor"/>, in <see cref="SettledCurrency"/>: the ledger's amounts.</summary>
    public required long SettledMinor { get; init; }
    public required string SettledCurrency { get; init; }
    public required long FeeMinor { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string Actor { get; init; }

    /// <summary>All refunds that have not failed.</summary>
    public long RefundedMinor { get; set; }

    /// <summary>Lost to disputes.</summary>
    public long LostMinor { get; set; }

    public long RefundableMinor => AppliedMinor - RefundedMinor - LostMinor;
}

public enum RefundState
{
    /// <summary>Above what one person may approve: another has to.</summary>
    AwaitingApproval,
    Pending,
    Succeeded,
    Failed,
    Rejected,
}

public sealed class Refund
{
    public required RefundId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required PaymentId PaymentId { get; init; }
    public CreditNoteId? CreditNoteId { get; set; }

    /// <summary>In the currency that the customer paid in.</summary>
    public required long AmountMinor { get; init; }
    public required long TaxMinor { get; init; }
    public required RefundState State { get; set; }
    public required string Reason { get; init; }
    public required string RequestedBy { get; init; }
    public string? ApprovedBy { get; set; }
    public required DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>The provider's id, or the bank's reference.</summary>
    public string? ProviderReference { get; set; }
}

public enum DisputeState
{
    /// <summary>An inquiry: no money has moved.</summary>
    Inquiry,
    Open,
    Won,
    Lost,
}

public sealed class Dispute
{
    public required DisputeId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required PaymentId PaymentId { get; init; }
    public required string ProviderReference { get; init; }
    public required DisputeState State { get; set; }

    /// <summary>In the currency that the customer paid in.</summary>
    public required long AmountMinor { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; set; }
}
