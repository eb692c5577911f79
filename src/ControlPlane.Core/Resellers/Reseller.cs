using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;

namespace ControlPlane.Core.Resellers;

/// <summary>Who bills whom.</summary>
public enum ResellerMode
{
    /// <summary>The customer pays the operator, and the reseller has its share by contract.</summary>
    Referral,

    /// <summary>The operator bills the reseller, at the catalogue's prices; what the reseller's customers pay is not known here.</summary>
    Wholesale,

    /// <summary>The customer pays the operator, and the reseller has no share.</summary>
    Direct,
}

public enum ResellerStatus
{
    Active,

    /// <summary>Starts nothing new. What runs goes on, and its customers may take over what is theirs.</summary>
    Suspended,
}

/// <summary>Whoever brings customers of its own: its staff are an organization like any other, its money is a party of the ledger.</summary>
public sealed class Reseller
{
    public required ResellerId Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The organization whose members speak for it, and which pays where it is <see cref="ResellerMode.Wholesale"/>.</summary>
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Of the ledger's party <c>reseller:…</c>, to which its shares accrue.</summary>
    public required string PartyId { get; set; }
    public required ResellerMode Mode { get; set; }
    public ResellerStatus Status { get; private set; }
    public DateTimeOffset? SuspendedAt { get; private set; }
    public string? SuspendedReason { get; private set; }

    /// <summary>Since when its customers know that it does not pay, or was suspended, and that they may take over; nothing of theirs stops within <see cref="TakeOverOffer.StopsAfter"/> of it.</summary>
    public DateTimeOffset? CustomersWarnedAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public Party Party => new(PartyKind.Reseller, PartyId);

    public void Suspend(string reason, DateTimeOffset now) => (Status, SuspendedAt, SuspendedReason) = (ResellerStatus.Suspended, SuspendedAt ?? now, reason);

    public void Resume() => (Status, SuspendedAt, SuspendedReason, CustomersWarnedAt) = (ResellerStatus.Active, null, null, null);
}
