using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Coupons;

public enum CouponDuration
{
    Once,
    Repeating,
    Forever,
}

/// <summary>Less to pay: a part of a price, or an amount. Terms never change; it can be ended.</summary>
public sealed class Coupon
{
    public required string Code { get; init; }

    /// <summary>Parts per million off; null when an amount is.</summary>
    public int? PercentPpm { get; init; }

    /// <summary>Off each invoice, in minor units of <see cref="Currency"/>.</summary>
    public long? AmountMinor { get; init; }
    public string? Currency { get; init; }
    public required CouponDuration Duration { get; init; }

    /// <summary>Of a repeating one.</summary>
    public int? Months { get; init; }
    public int? RedemptionsMax { get; init; }
    public int Redemptions { get; set; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A coupon that an organization uses. Each once.</summary>
public sealed class CouponRedemption
{
    public required OrganizationId OrganizationId { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset RedeemedAt { get; init; }

    /// <summary>It counts for invoices until then; null for ever, or for one invoice.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Of a coupon for one invoice: when that was.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}
