using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Instances;

/// <summary>GET /v1/instances</summary>
static class ListInstances
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances", HandleAsync)
        .Describe("Instances", "list_instances", "List instances", "Newest first. `deleted=true` lists those that can still be undeleted.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<Page<InstanceResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<InstanceResource>>> HandleAsync([AsParameters] PageRequest page, bool? deleted, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var instances = deleted == true
            ? db.Instances.Where(i => i.Desired == DesiredState.Deleted && i.PurgeAt > now)
            : db.Instances.Where(i => i.Desired != DesiredState.Deleted);
        var (items, next) = await instances.AsNoTracking().ReadPageAsync(i => i.Id, page, cancel);
        return new Page<InstanceResource>(await db.ToResourcesAsync(items, now, cancel), next);
    }
}
