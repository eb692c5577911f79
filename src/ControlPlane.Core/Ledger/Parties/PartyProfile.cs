using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger.Payouts;

namespace ControlPlane.Core.Ledger.Parties;

/// <summary>Who a party is, and where its money goes. The ledger keeps ids only; what a statement said of a party is kept with the statement.</summary>
public sealed class PartyProfile
{
    public required PartyKind Kind { get; init; }

    /// <summary>A reseller's organization, or a name of the operator's choice.</summary>
    public required string Id { get; init; }
    public required string Name { get; set; }

    /// <summary>Whose people see what is the party's. A reseller's are those of the reseller's own organization, and this stays empty.</summary>
    public OrganizationId? OrganizationId { get; set; }
    public string Email { get; set; } = "";
    public string Address { get; set; } = "";

    /// <summary>ISO 3166, two letters; empty when it is not known.</summary>
    public string Country { get; set; } = "";
    public string TaxId { get; set; } = "";

    /// <summary>When somebody last made sure of <see cref="TaxId"/>.</summary>
    public DateOnly? TaxIdValidatedOn { get; set; }

    /// <summary>Parts per million of its own tax on its shares, shown on statements where it is <see cref="IsSelfBilled"/>.</summary>
    public int TaxRatePpm { get; set; }

    /// <summary>The operator writes its invoices: its statements are marked so.</summary>
    public bool IsSelfBilled { get; set; }
    public PayoutRail Rail { get; set; } = PayoutRail.Manual;

    /// <summary>A bank account, or an account at the rail's provider; empty while there is none, and then nothing is paid out.</summary>
    public string Destination { get; private set; } = "";
    public DateTimeOffset? DestinationChangedAt { get; private set; }

    /// <summary>Since when nothing is paid out to it.</summary>
    public DateTimeOffset? FrozenAt { get; private set; }
    public string? FrozenReason { get; private set; }
    public required DateTimeOffset CreatedAt { get; init; }

    public Party Party => new(Kind, Id);

    /// <summary>Whoever has taken over an account changes where money goes: nothing is sent there for a while, in which the party can notice.</summary>
    public void MoveTo(PayoutRail rail, string destination, DateTimeOffset now)
    {
        if ((rail, destination) == (Rail, Destination))
            return;
        // The first one replaces nothing that anybody could miss.
        DestinationChangedAt = Destination.Length == 0 ? DestinationChangedAt : now;
        (Rail, Destination) = (rail, destination);
    }

    public void Freeze(string reason, DateTimeOffset now) => (FrozenAt, FrozenReason) = (FrozenAt ?? now, reason);

    public void Unfreeze() => (FrozenAt, FrozenReason) = (null, null);
}
