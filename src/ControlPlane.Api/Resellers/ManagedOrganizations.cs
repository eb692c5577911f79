using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <param name="Key">What the reseller, or its platform, calls the customer.</param>
/// <param name="OwnerEmail">Who gets an invitation to own the organization; null where the platform does not say.</param>
sealed record CustomerSought(string Key, string Name, string? OwnerEmail);

/// <summary>The organizations that a reseller manages. In a transaction of the reseller's; ends in the customer's scope.</summary>
sealed class ManagedOrganizations(ControlPlaneDb db, OwnerInvitations invitations, ResellerEvents events, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    const int NameLengthMax = 80;

    /// <summary>Finds the customer by the reseller's name for it, or makes it; side by side, one of two makes it.</summary>
    internal async Task<(ResellerCustomer Customer, bool IsNew)> EnsureAsync(ResellerCaller by, CustomerSought sought, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{by.Reseller.Id} {by.Integration.IsSandbox} {sought.Key}"}, 11))", cancel);
        var (reseller, isSandbox) = (by.Reseller.Id, by.Integration.IsSandbox);
        if (await db.ResellerCustomers.SingleOrDefaultAsync(c => c.ResellerId == reseller && c.IsSandbox == isSandbox && c.ExternalId == sought.Key, cancel) is { } known)
            return (known, false);
        return (await AddAsync(by, sought, cancel), true);
    }

    internal Task<ResellerCustomer?> FindAsync(ResellerCaller by, string organization, CancellationToken cancel)
    {
        var (reseller, isSandbox) = (by.Reseller.Id, by.Integration.IsSandbox);
        return OrganizationId.TryParse(organization, out var id)
            ? db.ResellerCustomers.SingleOrDefaultAsync(c => c.ResellerId == reseller && c.OrganizationId == id && c.IsSandbox == isSandbox && c.EndedAt == null, cancel)
            : Task.FromResult<ResellerCustomer?>(null);
    }

    /// <summary>Somebody signed up where a reseller's brand is shown: the organization is its customer, and belongs to whoever signed up.</summary>
    internal Task<bool> AdoptAsync(string host, Organization organization, string ownerEmail, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        var domain = host.ToLowerInvariant();
        var found = await (from label in db.WhiteLabels join one in db.Resellers on label.ResellerId equals one.Id where label.Domain == domain && label.DomainVerifiedAt != null select one).SingleOrDefaultAsync(cancel);
        if (found is not { Status: ResellerStatus.Active } reseller)
            return false;
        db.ResellerCustomers.Add(new ResellerCustomer { ResellerId = reseller.Id, OrganizationId = organization.Id, ExternalId = organization.Id.ToString(), OwnerEmail = ownerEmail, CreatedAt = clock.GetUtcNow() });
        if (reseller.Mode == ResellerMode.Referral)
            await AttributeAsync(reseller, organization.Id, cancel);
        await events.RaiseAsync(reseller, WebhookEvents.CustomerCreated, new { organization_id = organization.Id.ToString(), external_id = organization.Id.ToString(), name = organization.Name }, cancel);
        return true;
    }, cancel);

    async Task<ResellerCustomer> AddAsync(ResellerCaller by, CustomerSought sought, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var name = sought.Name.Trim() is { Length: > 0 } given ? Cut(given) : "Customer";
        var organization = new Organization { Id = OrganizationId.New(clock), Name = name, CreatedAt = now };
        var customer = new ResellerCustomer { ResellerId = by.Reseller.Id, OrganizationId = organization.Id, ExternalId = sought.Key, OwnerEmail = sought.OwnerEmail, IsSandbox = by.Integration.IsSandbox, CreatedAt = now };
        await db.EnterOrganizationAsync(organization.Id, cancel);
        db.Organizations.Add(organization);
        db.ResellerCustomers.Add(customer);
        db.Write(organization.Id, by.For(organization.Id, name, null).Actor, "organization.created", organization.Id.ToString(), $"name {name}", clock);
        await db.SaveChangesAsync(cancel);
        if (sought.OwnerEmail is { } email)
            await invitations.SendAsync(by.Reseller, organization, email, cancel);
        if (by.Reseller.Mode == ResellerMode.Referral && !by.Integration.IsSandbox)
            await AttributeAsync(by.Reseller, organization.Id, cancel);
        await events.RaiseAsync(by.Reseller, WebhookEvents.CustomerCreated, new { organization_id = organization.Id.ToString(), external_id = sought.Key, name }, cancel);
        return customer;
    }

    /// <summary>Not in the middle of a character of two halves, of which one alone is no text.</summary>
    static string Cut(string name) => name.Length <= NameLengthMax ? name : name[..(char.IsHighSurrogate(name[NameLengthMax - 1]) ? NameLengthMax - 1 : NameLengthMax)];

    /// <summary>From now on the reseller has its share of what the customer pays.</summary>
    Task<bool> AttributeAsync(Reseller reseller, OrganizationId organization, CancellationToken cancel) => db.InFleetAsync(() =>
    {
        db.ResellerAttributions.Add(new ResellerAttribution { OrganizationId = organization, ResellerId = reseller.PartyId, ValidFrom = billing.GetUtcNow() });
        return Task.FromResult(true);
    }, cancel);
}
