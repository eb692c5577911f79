using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers;

/// <summary>Who asked that a customer leaves its reseller; the other side has not agreed yet.</summary>
public enum TakeOverSide
{
    Owner,
    Reseller,
}

/// <summary>An organization that a reseller manages, from its creation until somebody takes it over. One reseller at a time.</summary>
public sealed class ResellerCustomer
{
    public required ResellerId ResellerId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>What the reseller, or its platform, calls the customer; unique for the reseller, in its sandbox and outside it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Whom the first invitation went to; null where the platform does not say.</summary>
    public string? OwnerEmail { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Nobody's real customer: made by a key of the sandbox.</summary>
    public bool IsSandbox { get; init; }
    public TakeOverSide? TakeOverAskedBy { get; set; }
    public DateTimeOffset? TakeOverAskedAt { get; set; }

    /// <summary>From then on the reseller sees nothing of it any more.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}
