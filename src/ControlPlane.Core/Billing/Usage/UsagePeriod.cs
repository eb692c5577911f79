using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Usage;

/// <summary>How many jobs an instance has done in a period, counted up from its totals.</summary>
public sealed class UsagePeriod
{
    public required InstanceId InstanceId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Start of the account's period; of an account that pays nothing, the month.</summary>
    public required DateTimeOffset PeriodStart { get; init; }
    public required long Jobs { get; set; }

    /// <summary>The instance's total when it was last read. A total that has fallen is a restored instance's: what it shows was done again.</summary>
    public required long LastTotal { get; set; }
    public required DateTimeOffset ReadAt { get; set; }

    /// <summary>Blocks of overage that the provider was told of.</summary>
    public int ReportedBlocks { get; set; }

    /// <summary>The invoice that its overage went on.</summary>
    public InvoiceId? InvoiceId { get; set; }
}
