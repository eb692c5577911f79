using ControlPlane.Api.Http;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;

namespace ControlPlane.Api.Resellers;

/// <summary>Who gives a command: a reseller, by one of its integrations.</summary>
sealed record ResellerCaller(Reseller Reseller, ResellerIntegration Integration, string? IpAddress)
{
    /// <summary>As the rules of instances and plans know a caller: acting for one of the reseller's customers.</summary>
    /// <param name="ownerEmail">Where the customer's invoices go when it pays itself.</param>
    internal Caller For(OrganizationId customer, string customerName, string? ownerEmail)
    {
        var membership = new PersonMembership(customer, customerName, default, Role.Owner);
        var person = new Person(default, Payer is null ? ownerEmail ?? "" : "", default, false, "", [membership]);
        return new Caller(person, membership, null, null, null, IpAddress) { Behalf = new Behalf(Reseller.Id, $"{Reseller.Name} ({Integration.Name})", Payer, Integration.IsSandbox) };
    }

    OrganizationId? Payer => Reseller.Mode == ResellerMode.Wholesale ? Reseller.OrganizationId : null;
}
