using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resellers;

/// <summary>Reading what a reseller asked for. Every query names the reseller, and its sandbox or what is outside it; row security shows no other organization's rows besides.</summary>
static class ManagedInstances
{
    static readonly string[] tenant = [ControlPlaneDb.TenantFilter];

    /// <summary>What the caller may see of the living.</summary>
    internal static IQueryable<ManagedResource> Managed(this ControlPlaneDb db, ResellerCaller by)
    {
        var (reseller, isSandbox) = (by.Reseller.Id, by.Integration.IsSandbox);
        return db.ManagedResources.Where(r => r.ResellerId == reseller && r.IsSandbox == isSandbox && (r.State == ManagedState.Active || r.State == ManagedState.Suspended));
    }

    /// <summary>By our id for it, of any of the reseller's integrations, or by the caller's own in the native one; with the integration that commands on it go through.</summary>
    internal static async Task<(ManagedResource Resource, ResellerCaller By)?> FindManagedAsync(this ControlPlaneDb db, ResellerCaller by, string id, bool withEnded, CancellationToken cancel)
    {
        var (reseller, isSandbox, native) = (by.Reseller.Id, by.Integration.IsSandbox, by.Integration.Id);
        var mine = db.ManagedResources.AsNoTracking().Where(r => r.ResellerId == reseller && r.IsSandbox == isSandbox && r.State != ManagedState.Released);
        if (!withEnded)
            mine = mine.Where(r => r.State != ManagedState.Deprovisioned);
        var found = ManagedResourceId.TryParse(id, out var known)
            ? await mine.SingleOrDefaultAsync(r => r.Id == known, cancel)
            : await mine.SingleOrDefaultAsync(r => r.IntegrationId == native && r.ExternalId == id, cancel);
        if (found is null)
            return null;
        var through = found.IntegrationId;
        return (found, by with { Integration = await db.ResellerIntegrations.AsNoTracking().SingleAsync(i => i.Id == through && i.ResellerId == reseller, cancel) });
    }

    internal static async Task<IReadOnlyList<ManagedInstanceResource>> ToResourcesAsync(this ControlPlaneDb db, ResellerCaller by, IReadOnlyList<ManagedResource> resources, CancellationToken cancel)
    {
        var (instances, organizations, operations) = (resources.Select(r => r.InstanceId).ToList(), resources.Select(r => r.OrganizationId).Distinct().ToList(), resources.Select(r => r.OperationId).ToList());
        var reseller = by.Reseller.Id;
        var byId = await db.Instances.IgnoreQueryFilters(tenant).AsNoTracking().Where(i => instances.Contains(i.Id) && organizations.Contains(i.OrganizationId)).ToDictionaryAsync(i => i.Id, cancel);
        var names = await db.Organizations.IgnoreQueryFilters(tenant).AsNoTracking().Where(o => organizations.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel);
        var ended = await db.Operations.IgnoreQueryFilters(tenant).AsNoTracking().Where(o => operations.Contains(o.Id) && organizations.Contains(o.OrganizationId)).ToDictionaryAsync(o => o.Id, o => o.ToResource(), cancel);
        var through = await db.ResellerIntegrations.AsNoTracking().Where(i => i.ResellerId == reseller).ToDictionaryAsync(i => i.Id, i => i.Name, cancel);
        return [.. resources.Where(r => byId.ContainsKey(r.InstanceId)).Select(r => ToResource(r, byId[r.InstanceId], names[r.OrganizationId], through[r.IntegrationId], ended.GetValueOrDefault(r.OperationId)))];
    }

    /// <summary>What a command is answered with: 202 with the resource as it is, and its operation to wait for.</summary>
    internal static async Task<Answer<ManagedInstanceResource>> ToAnswerAsync(this ControlPlaneDb db, ResellerCaller by, CommandResult result, CancellationToken cancel)
    {
        switch (result.Outcome)
        {
            case CommandOutcome.NotFound:
                return ResellerProblems.ResourceNotFound;
            case CommandOutcome.Gone:
                return ResellerProblems.Gone;
            case CommandOutcome.Conflict:
                return ResellerProblems.Conflict;
            case CommandOutcome.Refused:
                return result.Refusal!;
        }
        await db.SaveChangesAsync(cancel);
        var resource = (await db.ToResourcesAsync(by, [result.Resource!], cancel))[0];
        if (result.Outcome == CommandOutcome.AlreadyThere)
            return resource;
        return Answer.Accepted(resource, result.Operation!.Value, async waited => new Answer<ManagedInstanceResource> { Status = StatusCodes.Status200OK, Body = (await db.ToResourcesAsync(by, [result.Resource!], waited))[0] });
    }

    static ManagedInstanceResource ToResource(ManagedResource resource, Instance instance, string customer, string integration, OperationResource? operation) => new(
        resource.Id.ToString(), resource.ExternalId, integration, resource.IsSandbox, resource.OrganizationId.ToString(), customer, instance.Id.ToString(), instance.Name, instance.PlanKey, instance.Region,
        InstanceResources.ShownState(instance).ToText(), instance.Health.ToText(), [.. Enum.GetValues<SuspensionReason>().Where(instance.IsSuspendedFor).Select(r => r.ToText())],
        instance is { Host: { } host, Port: { } port } ? new EndpointResource(host, port, instance.Tls) : null, operation, resource.CreatedAt);
}
