using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Ledger.Shares;

public enum ShareScope
{
    All,
    Product,
    Plan,
    Customer,
}

public enum ShareBasis
{
    /// <summary>What the line was sold for after discounts, without tax.</summary>
    GrossExTax,

    /// <summary>That, less the line's part of the payment fee.</summary>
    NetOfFees,

    /// <summary>That, less what the vendor gets of the line.</summary>
    NetOfFeesAndVendor,

    /// <summary>A fixed amount for each unit.</summary>
    PerUnit,
}

public enum ShareRelease
{
    OnPayment,
    Monthly,
}

public enum RefundFeeRule
{
    Operator,
    Shared,
}

public enum DisputeFeeRule
{
    Operator,
    Party,
}

public enum RateSelector
{
    PeriodStart,
    SplitByTime,
}

/// <summary>
/// What a party gets, for a time: one version. Once a journal refers to it, the database lets nobody change it but to end it; new terms are a new version.
/// Two of one party, scope and priority never overlap in time.
/// </summary>
public sealed class ShareContract
{
    public const int RatePpmMax = 1_000_000;

    public required ContractId Id { get; init; }
    public required PartyKind PartyKind { get; init; }
    public required string PartyId { get; init; }
    public required int Version { get; init; }
    public required ShareScope Scope { get; init; }

    /// <summary>The product, plan or customer; empty for <see cref="ShareScope.All"/>.</summary>
    public string ScopeKey { get; init; } = "";
    public required ShareBasis Basis { get; init; }

    /// <summary>Parts per million of the basis; null per unit.</summary>
    public int? RatePpm { get; init; }

    /// <summary>For each unit, in <see cref="Currency"/>; null otherwise.</summary>
    public long? FixedMinor { get; init; }
    public string? Currency { get; init; }
    public required DateTimeOffset ValidFrom { get; init; }
    public DateTimeOffset? ValidTo { get; set; }

    /// <summary>The higher one counts; among equals the narrower scope.</summary>
    public int Priority { get; init; }
    public int HoldDays { get; init; } = 30;
    public ShareRelease Release { get; init; } = ShareRelease.OnPayment;
    public long MinPayoutMinor { get; init; } = 500;
    public RefundFeeRule FeeOnRefund { get; init; } = RefundFeeRule.Operator;
    public DisputeFeeRule DisputeFee { get; init; } = DisputeFeeRule.Operator;
    public RateSelector RateSelector { get; init; } = RateSelector.PeriodStart;
    public string? DocumentRef { get; init; }
    public required string ApprovedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    public Party Party => new(PartyKind, PartyId);

    public bool Covers(SoldLine line, string customer) => Scope switch
    {
        ShareScope.All => true,
        ShareScope.Product => ScopeKey == line.Product,
        ShareScope.Plan => ScopeKey == line.Plan,
        ShareScope.Customer => ScopeKey == customer,
        _ => throw new InvalidOperationException($"contract {Id} has the unknown scope {Scope}"),
    };

    public bool IsValidAt(DateTimeOffset at) => ValidFrom <= at && (ValidTo is null || at < ValidTo);
}
