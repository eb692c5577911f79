using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Subscriptions;

public enum SubscriptionItemState
{
    /// <summary>Entitled, and not paid for until <see cref="SubscriptionItem.TrialEndsAt"/>.</summary>
    Trialing,

    /// <summary>Begins with a payment that has not come yet.</summary>
    Pending,
    Active,
    Ended,
}

/// <summary>What an organization pays for each period: an instance's plan, or an add-on. Its items together are its subscription. Free plans have none.</summary>
public sealed class SubscriptionItem
{
    public required SubscriptionItemId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Null for an add-on of the whole organization.</summary>
    public InstanceId? InstanceId { get; init; }
    public required string PlanKey { get; set; }
    public required int PlanVersion { get; set; }
    public bool IsAddOn { get; init; }
    public int Quantity { get; set; } = 1;
    public required SubscriptionItemState State { get; set; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? TrialEndsAt { get; set; }

    /// <summary>Ends with the period that is running.</summary>
    public bool CancelsAtPeriodEnd { get; set; }

    /// <summary>What it becomes when the period that is running ends.</summary>
    public string? NextPlanKey { get; set; }
    public int? NextPlanVersion { get; set; }

    /// <summary>The end of the period that ran when a change or an end with it was asked for; a provider that renews by itself has to hear of it before, or gets it late.</summary>
    public DateTimeOffset? NextDueAt { get; set; }

    /// <summary>The end of the period for which the provider was told of what comes next. Until then the item is what it was.</summary>
    public DateTimeOffset? NextSentFor { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? ProviderItemId { get; set; }

    public bool IsLiving => State != SubscriptionItemState.Ended;

    public void End(DateTimeOffset at) => (State, EndedAt, NextPlanKey, NextPlanVersion, NextDueAt, NextSentFor) = (SubscriptionItemState.Ended, EndedAt ?? at, null, null, null, null);

    /// <summary>It is not renewed.</summary>
    /// <param name="at">The end of the period that runs.</param>
    public void EndWithPeriod(DateTimeOffset? at) => (CancelsAtPeriodEnd, NextDueAt) = (true, CancelsAtPeriodEnd ? NextDueAt : at);

    /// <summary>What was planned for the period's end is taken back.</summary>
    public void Keep() => (NextPlanKey, NextPlanVersion, CancelsAtPeriodEnd, NextDueAt) = (null, null, false, null);
}
