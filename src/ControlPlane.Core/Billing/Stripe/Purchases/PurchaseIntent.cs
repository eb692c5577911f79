using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Billing.Stripe.Purchases;

public enum PurchaseState
{
    /// <summary>Stripe may have been asked, and nothing has come of it yet.</summary>
    Open,

    /// <summary>It was paid, and the instance has it.</summary>
    Applied,

    /// <summary>Nothing came of it.</summary>
    Abandoned,
}

/// <summary>
/// Something that an instance is to have once it is paid. Stored before Stripe hears of it: Stripe counts how many of a price a customer has, and only this says which instance one more of them is for.
/// Its id is the key by which Stripe does it once.
/// </summary>
public sealed class PurchaseIntent
{
    public required PurchaseId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>May not exist: it is made in the transaction that this was stored before.</summary>
    public required InstanceId InstanceId { get; init; }
    public required string PlanKey { get; init; }
    public required int PlanVersion { get; init; }
    public bool IsAddOn { get; init; }
    public required int Quantity { get; init; }
    public PurchaseState State { get; set; }

    /// <summary>Of the checkout page, where there is one.</summary>
    public string? SessionId { get; set; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
