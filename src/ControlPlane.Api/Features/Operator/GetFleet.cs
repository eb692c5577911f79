using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operator;

/// <summary>GET /v1/operator/fleet</summary>
static class GetFleet
{
    const int NewestMax = 50;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/operator/fleet", HandleAsync)
        .Describe("Operator", "get_fleet", "See the whole fleet", "Counts, and the newest instances with their organizations. Purged instances are not counted.")
        .AllowOperator(TokenScopes.Read)
        .Answers<FleetResponse>(200);

    static async Task<Answer<FleetResponse>> HandleAsync(ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var living = db.Instances.AsNoTracking().Where(i => i.Desired != DesiredState.Deleted || i.PurgeAt != null);
        var byState = (await living.GroupBy(i => i.State).Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync(cancel)).ToDictionary(c => c.State.ToText(), c => c.Count);
        var newest = await living.OrderByDescending(i => i.Id).Take(NewestMax).ToListAsync(cancel);
        var owners = newest.Select(i => i.OrganizationId).Distinct().ToList();
        var organizations = await db.Organizations.AsNoTracking().Where(o => owners.Contains(o.Id)).ToDictionaryAsync(o => o.Id, cancel);
        var resources = await db.ToResourcesAsync(newest, clock.GetUtcNow(), cancel);
        return new FleetResponse(
            await db.Organizations.CountAsync(cancel),
            byState.Values.Sum(),
            byState,
            await db.Operations.CountAsync(o => o.State == OperationState.Pending || o.State == OperationState.Running, cancel),
            await db.Alerts.CountAsync(a => a.ResolvedAt == null, cancel),
            [.. newest.Zip(resources, (instance, resource) => new FleetInstance(resource, ToResource(organizations[instance.OrganizationId])))]);
    }

    static OrganizationResource ToResource(Core.Organizations.Organization organization) => new(organization.Id.ToString(), organization.Name, organization.CreatedAt);
}
