namespace ControlPlane.Core.Billing.Clock;

/// <summary>How far the billing clock is ahead of the system's. One row, and only more.</summary>
public sealed class BillingTime
{
    public const int OnlyId = 1;

    public required int Id { get; init; }
    public required long OffsetTicks { get; set; }
    public required DateTimeOffset AdvancedAt { get; set; }
    public required string AdvancedBy { get; set; }
}
