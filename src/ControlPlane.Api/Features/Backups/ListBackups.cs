using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Backups;

/// <summary>GET /v1/instances/{id}/backups</summary>
static class ListBackups
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}/backups", HandleAsync)
        .Describe("Backups", "list_backups", "List the backups of an instance", "Newest first, failed ones included; those that retention has removed are not listed.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<Page<BackupResource>>(200)
        .Refuses(InstanceLookup.NotFound, Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<BackupResource>>> HandleAsync(string id, [AsParameters] PageRequest page, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        var (items, next) = await db.Backups.AsNoTracking().Where(b => b.InstanceId == instance.Id && b.RemovedAt == null).ReadPageAsync(b => b.Id, page, cancel);
        return new Page<BackupResource>(await db.ToResourcesAsync(items, cancel), next);
    }
}
