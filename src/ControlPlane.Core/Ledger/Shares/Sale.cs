using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Shares;

/// <summary>A line of a paid invoice, after discounts, without tax, in the currency of the invoice.</summary>
public sealed record SoldLine(string Product, string Plan, long ExTaxMinor, long Units, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd);

/// <summary>Cash that came in for an invoice.</summary>
/// <param name="Cash">As it was settled, before the fee; shares are kept in its currency.</param>
/// <param name="Fee">The payment fee.</param>
/// <param name="InvoiceTotalMinor">With tax, in the currency of the invoice; cash may be less of it where the customer's balance met a part.</param>
/// <param name="ResellerId">Who the customer is attributed to.</param>
public sealed record Sale(string Customer, string? ResellerId, Money Cash, Money Fee, long InvoiceTotalMinor, IReadOnlyList<SoldLine> Lines)
{
    public long ExTaxMinor => Lines.Aggregate(0L, (sum, line) => checked(sum + line.ExTaxMinor));

    /// <summary>The tax in the cash.</summary>
    public Money Tax => new(InvoiceTotalMinor <= 0 ? 0 : Rounding.HalfAway(Cash.Minor, checked(InvoiceTotalMinor - ExTaxMinor), InvoiceTotalMinor), Cash.Currency);
}

/// <param name="Contracts">The versions it was computed from.</param>
public sealed record Share(Party Party, Money Amount, IReadOnlyList<ContractId> Contracts)
{
    /// <summary>What comes from each contract; together the amount.</summary>
    public IReadOnlyList<ContractPart> Parts { get; init; } = [];

    /// <summary>What the party bears of the payment fee when all of the payment is refunded, where its contracts share it.</summary>
    public long RefundFeeMinor { get; init; }
}

public sealed record ContractPart(ContractId Contract, long Minor);

/// <summary>Shares and the operator's rest sum to the pool: cash without tax and fee.</summary>
public sealed record SplitResult(Money Pool, IReadOnlyList<Share> Shares, Money Operator);
