using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;

namespace ControlPlane.Core.Billing.Accounts;

/// <summary>Who collects an organization's money.</summary>
public enum BillingProvider
{
    /// <summary>Invoices payable by bank transfer, which the operator records as received.</summary>
    Manual,
    Stripe,
}

public enum DunningState
{
    Current,

    /// <summary>Something is overdue; full service.</summary>
    PastDue,

    /// <summary>Nothing new and nothing larger.</summary>
    Restricted,

    /// <summary>Instances are stopped; data, names and passwords are kept.</summary>
    Suspended,

    /// <summary>Warnings go out; then the instances are deleted.</summary>
    DeletionScheduled,

    /// <summary>Deleted, with a last backup that can still be brought back.</summary>
    Deleted,
    Purged,
}

/// <summary>How an organization is billed, where its period stands, and what its debts have led to. Changes are made under a lock on this row.</summary>
public sealed class BillingAccount
{
    public const int TermsDaysDefault = 14;

    public required OrganizationId OrganizationId { get; init; }
    public required BillingProvider Provider { get; set; }

    /// <summary>Of everything that it is billed; fixed with the first invoice.</summary>
    public required string Currency { get; set; }
    public BillingInterval Interval { get; set; }
    public required string Name { get; set; }
    public required string Email { get; set; }
    public string Address { get; set; } = "";

    /// <summary>ISO 3166, two letters.</summary>
    public string Country { get; set; } = "";
    public string TaxId { get; set; } = "";

    /// <summary>Parts per million on top of prices; the operator's to set, and 0 where no tax applies.</summary>
    public int TaxRatePpm { get; set; }

    /// <summary>Days from an invoice to when it is due.</summary>
    public int TermsDays { get; set; } = TermsDaysDefault;

    /// <summary>When the first period began; the others follow in whole months from it, so that the 31st stays the 31st where there is one. Null while nothing is paid for.</summary>
    public DateTimeOffset? AnchorAt { get; set; }

    /// <summary>Which period runs, from 0.</summary>
    public int PeriodIndex { get; set; }

    /// <summary>One trial for each organization.</summary>
    public DateTimeOffset? TrialUsedAt { get; set; }

    public string? ProviderCustomerId { get; set; }
    public string? ProviderSubscriptionId { get; set; }

    public DunningState Dunning { get; set; }

    /// <summary>From when the days of <see cref="DunningState"/> are counted: when the oldest unpaid invoice was due, or its payment first failed.</summary>
    public DateTimeOffset? OverdueSince { get; set; }
    public DateTimeOffset? SuspendedAt { get; set; }
    public DateTimeOffset? DeletionAt { get; set; }

    /// <summary>Days before the deletion that were warned of last; null before the first warning.</summary>
    public int? WarnedDaysLeft { get; set; }

    /// <summary>Nothing happens by itself while somebody looks at it.</summary>
    public bool IsOnHold { get; set; }
    public string? HoldReason { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    int MonthsPerPeriod => Interval == BillingInterval.Month ? 1 : 12;

    public DateTimeOffset? PeriodStart => AnchorAt?.AddMonths(PeriodIndex * MonthsPerPeriod);
    public DateTimeOffset? PeriodEnd => AnchorAt?.AddMonths((PeriodIndex + 1) * MonthsPerPeriod);

    public DunningMask Mask => Dunning switch
    {
        // After the purge nothing is owed and nothing is left: whoever comes back begins anew.
        DunningState.Current or DunningState.PastDue or DunningState.Purged => DunningMask.None,
        DunningState.Restricted => DunningMask.NoGrowth,
        _ => DunningMask.Stopped,
    };
}

/// <summary>Through whom a customer came, for a time. Never overlapping; the end is the start of the next.</summary>
public sealed class ResellerAttribution
{
    public required OrganizationId OrganizationId { get; init; }
    public required string ResellerId { get; init; }
    public required DateTimeOffset ValidFrom { get; init; }
    public DateTimeOffset? ValidTo { get; set; }
}
