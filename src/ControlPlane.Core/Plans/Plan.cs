namespace ControlPlane.Core.Plans;

/// <summary>What is sold, whatever the plan: what share contracts may be about.</summary>
public sealed class Product
{
    public const string HostingKey = "hosting", SupportKey = "support";

    public required string Key { get; init; }
    public required string Name { get; init; }
}

/// <summary>What a customer chooses for an instance, or adds to one. Its terms stand in its versions.</summary>
public sealed class Plan
{
    public required string Key { get; init; }
    public required string ProductKey { get; init; }
    public required string Name { get; set; }
    public required string Summary { get; set; }

    /// <summary>Order in the catalogue; a change to a lower position is a downgrade.</summary>
    public required int Position { get; set; }

    /// <summary>It adds to an instance's plan instead of being one.</summary>
    public bool IsAddOn { get; init; }

    /// <summary>Listed for everybody; another can only be given by the operator.</summary>
    public bool IsPublic { get; set; } = true;

    /// <summary>Not for sale until a share contract of the party vendor covers it: an operator who resells a vendor's licence sets it.</summary>
    public bool RequiresVendorContract { get; set; }

    /// <summary>The version that new customers get.</summary>
    public required int CurrentVersion { get; set; }
}

/// <summary>A plan's terms at one time. Complete and never changed again once it is sealed; the database refuses it.</summary>
public sealed class PlanVersion
{
    public required string PlanKey { get; init; }

    /// <summary>From 1.</summary>
    public required int Version { get; init; }

    /// <summary>Days before the first payment; once per organization.</summary>
    public int TrialDays { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? SealedAt { get; set; }
}

public enum BillingInterval
{
    Month,
    Year,
}

/// <summary>What a version costs in one currency.</summary>
public sealed class PlanPrice
{
    public required string PlanKey { get; init; }
    public required int Version { get; init; }
    public required string Currency { get; init; }
    public required BillingInterval Interval { get; init; }

    /// <summary>Per interval, in minor units, without tax.</summary>
    public required long AmountMinor { get; init; }

    /// <summary>What each block of use beyond what is included costs, in minor units; none when the plan has no overage.</summary>
    public long? OverageMinor { get; init; }

    /// <summary>By what Stripe finds its price: plan, version, currency and interval.</summary>
    public string LookupKey => $"{PlanKey}-v{Version}-{Currency.ToLowerInvariant()}-{(Interval == BillingInterval.Month ? "month" : "year")}";
}

/// <summary>One value that a version gives.</summary>
public sealed class PlanEntitlement
{
    public required string PlanKey { get; init; }
    public required int Version { get; init; }

    /// <summary>One of <see cref="EntitlementKeys"/>.</summary>
    public required string Key { get; init; }
    public required string Value { get; init; }
}
