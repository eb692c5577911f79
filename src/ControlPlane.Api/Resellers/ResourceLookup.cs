using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <summary>Finding what a command names: by the integration's own id for it, and of this reseller alone.</summary>
static class ResourceLookup
{
    /// <summary>Held until the transaction ends: commands on one id run one after the other, also before there is a row.</summary>
    internal static Task LockIdAsync(this ControlPlaneDb db, ResellerCaller by, string externalId, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({$"{by.Integration.Id} {externalId}"}, 12))", cancel);

    internal static Task<ManagedResource?> FindResourceAsync(this ControlPlaneDb db, ResellerCaller by, string externalId, CancellationToken cancel)
    {
        var (integration, reseller) = (by.Integration.Id, by.Reseller.Id);
        return db.ManagedResources.SingleOrDefaultAsync(r => r.IntegrationId == integration && r.ResellerId == reseller && r.ExternalId == externalId, cancel);
    }

    /// <summary>Enters the customer's scope, from where its instance is changed as its owner would.</summary>
    /// <returns>Null when it is purged.</returns>
    internal static async Task<Instance?> EnterInstanceAsync(this ControlPlaneDb db, ManagedResource resource, CancellationToken cancel)
    {
        await db.EnterOrganizationAsync(resource.OrganizationId, cancel);
        var id = resource.InstanceId;
        await db.Database.ExecuteSqlAsync($"SELECT FROM instances WHERE id = {id.Value} FOR UPDATE", cancel);
        return await db.Instances.SingleOrDefaultAsync(i => i.Id == id, cancel);
    }

    /// <summary>What a repetition is answered: by whether the operation has ended.</summary>
    internal static async Task<CommandResult> RepeatAsync(this ControlPlaneDb db, ManagedResource resource, OperationId operation, CancellationToken cancel)
    {
        string[] tenant = [ControlPlaneDb.TenantFilter];
        var organization = resource.OrganizationId;
        // Seen by row security, since the reseller manages the organization.
        var isUnderWay = await db.Operations.IgnoreQueryFilters(tenant).AnyAsync(
            o => o.Id == operation && o.OrganizationId == organization && (o.State == OperationState.Pending || o.State == OperationState.Running), cancel);
        return new CommandResult(isUnderWay ? CommandOutcome.InProgress : CommandOutcome.AlreadyThere, resource, operation);
    }

    /// <summary>A reseller pays for it, or it is one of a sandbox: its owner does not choose its plan.</summary>
    internal static Task<bool> IsPlanOfResellerAsync(this ControlPlaneDb db, InstanceId instance, CancellationToken cancel) => db.InFleetAsync(() => (
        from resource in db.ManagedResources
        join reseller in db.Resellers on resource.ResellerId equals reseller.Id
        where resource.InstanceId == instance && resource.EndedAt == null && (reseller.Mode == ResellerMode.Wholesale || resource.IsSandbox)
        select resource).AnyAsync(cancel), cancel);

    internal static byte[] Hash(params ReadOnlySpan<string?> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.ToArray().Select(p => p is null ? "-" : $"{p.Length}:{p}"))));
}
