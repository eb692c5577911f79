using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.OperatorResellers;

/// <summary>Finding and showing resellers for the operator. In the fleet's scope.</summary>
static class OperatorReselling
{
    internal static readonly Problem NotFound = new("reseller_not_found", 404, "There is no reseller with this id.");
    internal static readonly Problem PartyTaken = new("party_taken", 409, "Another reseller has this party. Two cannot share one account.");

    internal static async Task<Reseller?> LockResellerAsync(this ControlPlaneDb db, string id, CancellationToken cancel)
    {
        if (!ResellerId.TryParse(id, out var reseller))
            return null;
        await db.Database.ExecuteSqlAsync($"SELECT FROM resellers WHERE id = {reseller.Value} FOR UPDATE", cancel);
        return await db.Resellers.SingleOrDefaultAsync(r => r.Id == reseller, cancel);
    }

    internal static async Task<IReadOnlyList<OperatorResellerResource>> ToResourcesAsync(this ControlPlaneDb db, IReadOnlyList<Reseller> resellers, CancellationToken cancel)
    {
        var ids = resellers.Select(r => r.Id).ToList();
        var customers = await db.ResellerCustomers.Where(c => ids.Contains(c.ResellerId) && c.EndedAt == null && !c.IsSandbox).GroupBy(c => c.ResellerId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var instances = await db.ManagedResources.Where(r => ids.Contains(r.ResellerId) && r.EndedAt == null && !r.IsSandbox).GroupBy(r => r.ResellerId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var integrations = (await db.ResellerIntegrations.AsNoTracking().Where(i => ids.Contains(i.ResellerId)).OrderBy(i => i.Id).ToListAsync(cancel)).ToLookup(i => i.ResellerId, i => i.ToResource());
        return [.. resellers.Select(r => new OperatorResellerResource(
            r.Id.ToString(), r.Name, r.OrganizationId.ToString(), r.Party.ToString(), r.Mode.ToText(), r.Status.ToText(), r.SuspendedAt, r.SuspendedReason, r.CustomersWarnedAt,
            customers.GetValueOrDefault(r.Id), instances.GetValueOrDefault(r.Id), [.. integrations[r.Id]], r.CreatedAt))];
    }
}
