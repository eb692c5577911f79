using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class ResellerResources
{
    static readonly string[] tenant = [ControlPlaneDb.TenantFilter];

    internal static IntegrationResource ToResource(this ResellerIntegration i) => new(i.Id.ToString(), i.Dialect.ToText(), i.Name, i.Key, i.IsSandbox, i.CreatedAt, i.DisabledAt);

    /// <summary>In the reseller's scope.</summary>
    internal static async Task<IReadOnlyList<ManagedCustomerResource>> ToResourcesAsync(this ControlPlaneDb db, ResellerCaller by, IReadOnlyList<ResellerCustomer> customers, CancellationToken cancel)
    {
        var ids = customers.Select(c => c.OrganizationId).ToList();
        var names = await db.Organizations.IgnoreQueryFilters(tenant).AsNoTracking().Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel);
        var counts = await db.Managed(by).Where(r => ids.Contains(r.OrganizationId)).GroupBy(r => r.OrganizationId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var owned = await db.FindOwnedAsync(ids, cancel);
        return [.. customers.Select(c => new ManagedCustomerResource(
            c.OrganizationId.ToString(), c.ExternalId, names[c.OrganizationId], c.OwnerEmail, owned.Contains(c.OrganizationId), counts.GetValueOrDefault(c.OrganizationId), c.TakeOverAskedBy?.ToText(), c.CreatedAt))];
    }

    /// <summary>Which of these organizations have an owner: that, and nothing else about people, is said to a reseller.</summary>
    static async Task<HashSet<OrganizationId>> FindOwnedAsync(this ControlPlaneDb db, List<OrganizationId> organizations, CancellationToken cancel)
    {
        var raw = organizations.Select(o => o.Value).ToArray();
        var found = await db.Database.SqlQuery<Guid>($"SELECT o AS \"Value\" FROM unnest({raw}) o WHERE EXISTS (SELECT FROM owner_emails(o))").ToListAsync(cancel);
        return [.. found.Select(id => new OrganizationId(id))];
    }

    internal static WebhookResource ToResource(this WebhookEndpoint e) => new(e.Id.ToString(), e.Url, e.Events, e.CreatedAt, e.DisabledAt, e.PreviousSecretExpiresAt);

    internal static DeliveryResource ToResource(this WebhookDelivery d) => new(
        d.Id.ToString(), d.WebhookId.ToString(), d.Type, d.State.ToText(), d.Tries, d.Status, d.Error, d.TriedAt, d.State == DeliveryState.Pending ? d.NextTryAt : null, d.CreatedAt, d.DeliveredAt, d.Payload);

    internal static BrandResource ToBrand(this WhiteLabel l) => new(l.Name, ToDataAddress(l.Logo), l.PrimaryColor, l.AccentColor);

    internal static WhiteLabelResource ToResource(this WhiteLabel l) => new(
        l.Name, ToDataAddress(l.Logo), l.PrimaryColor, l.AccentColor, l.Domain, l.DomainVerifiedAt, l.DomainProof, l.SenderName, l.SenderAddress);

    static string? ToDataAddress(byte[]? png) => png is null ? null : $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
