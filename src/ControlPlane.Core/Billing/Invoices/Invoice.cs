using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;

namespace ControlPlane.Core.Billing.Invoices;

public enum InvoiceState
{
    Open,
    Paid,

    /// <summary>Taken back before anything was paid.</summary>
    Void,

    /// <summary>Nobody will pay the rest; it was written off.</summary>
    Uncollectible,
}

public enum InvoiceReason
{
    Start,
    Change,
    Renewal,
}

/// <summary>What an organization owes, as it was issued: lines, totals and the addressee never change again. All amounts in minor units of <see cref="Currency"/>.</summary>
public sealed class Invoice
{
    public required InvoiceId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Sequential within a year, without gaps: <c>INV-2026-000001</c>.</summary>
    public required string Number { get; init; }
    public InvoiceState State { get; set; } = InvoiceState.Open;
    public required InvoiceReason Reason { get; init; }
    public required string Currency { get; init; }

    /// <summary>Without discount and tax.</summary>
    public required long SubtotalMinor { get; init; }
    public required long DiscountMinor { get; init; }
    public required long TaxMinor { get; init; }
    public required long TotalMinor { get; init; }

    /// <summary>What the customer's balance met of the total.</summary>
    public required long FromBalanceMinor { get; init; }

    /// <summary>Cash that came for it.</summary>
    public long PaidMinor { get; set; }

    /// <summary>Taken off what is open by credit notes and write-offs.</summary>
    public long CreditedMinor { get; set; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>When a payment by card first failed; dunning counts from it.</summary>
    public DateTimeOffset? FirstFailedAt { get; set; }
    public required BillingProvider Provider { get; init; }
    public string? ProviderInvoiceId { get; init; }

    /// <summary>Where the provider shows it and takes its payment, and its PDF; null for invoices of our own.</summary>
    public string? HostedAddress { get; init; }
    public string? PdfAddress { get; init; }
    public required LedgerMode Mode { get; init; }

    /// <summary>Who it was written to, as JSON: <see cref="BillTo"/>.</summary>
    public required string BillTo { get; init; }

    /// <summary>The reseller that the customer was attributed to.</summary>
    public string? ResellerId { get; init; }
    public List<InvoiceLine> Lines { get; init; } = [];

    public long ExTaxMinor => SubtotalMinor - DiscountMinor;
    public long OpenMinor => State == InvoiceState.Open ? TotalMinor - FromBalanceMinor - PaidMinor - CreditedMinor : 0;
}

/// <param name="TaxRatePpm">Parts per million that were put on the lines.</param>
public sealed record BillTo(string Name, string Email, string Address, string Country, string TaxId, int TaxRatePpm);

public sealed class InvoiceLine
{
    public required InvoiceId InvoiceId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>From 1.</summary>
    public required int Line { get; init; }
    public required string Description { get; init; }
    public required string ProductKey { get; init; }
    public required string PlanKey { get; init; }
    public required int PlanVersion { get; init; }
    public InstanceId? InstanceId { get; init; }
    public required long Quantity { get; init; }

    /// <summary>Of the line, before discount and tax; below zero where unused time is given back.</summary>
    public required long AmountMinor { get; init; }
    public required long DiscountMinor { get; init; }
    public required long TaxMinor { get; init; }
    public required DateTimeOffset PeriodStart { get; init; }
    public required DateTimeOffset PeriodEnd { get; init; }

    /// <summary>A part of a period.</summary>
    public required bool IsProration { get; init; }

    public long ExTaxMinor => AmountMinor - DiscountMinor;
}

/// <summary>Less is owed than an invoice said.</summary>
public sealed class CreditNote
{
    public required CreditNoteId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Sequential within a year: <c>CRN-2026-000001</c>.</summary>
    public required string Number { get; init; }

    /// <summary>Null where unused time was credited without an invoice to take it off.</summary>
    public InvoiceId? InvoiceId { get; init; }
    public required string Currency { get; init; }
    public required long TotalMinor { get; init; }
    public required long TaxMinor { get; init; }

    /// <summary>Of the total: taken off what was open, put on the customer's balance, paid back.</summary>
    public required long OffOpenMinor { get; init; }
    public required long ToBalanceMinor { get; init; }
    public required long RefundedMinor { get; init; }
    public required string Reason { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
}

/// <summary>The next number of a kind of document in a year. Taken under the row's lock, in the transaction of the document.</summary>
public sealed class DocumentNumber
{
    public required string Kind { get; init; }
    public required int Year { get; init; }
    public required int Last { get; set; }
}
