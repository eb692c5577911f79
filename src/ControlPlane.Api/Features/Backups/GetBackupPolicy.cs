using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Backups;

/// <summary>GET /v1/instances/{id}/backup-policy</summary>
static class GetBackupPolicy
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}/backup-policy", HandleAsync)
        .Describe("Backups", "get_backup_policy", "Get when an instance is backed up")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<BackupPolicyResource>(200)
        .Refuses(InstanceLookup.NotFound);

    static async Task<Answer<BackupPolicyResource>> HandleAsync(string id, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        return (await db.BackupPolicies.AsNoTracking().SingleAsync(p => p.InstanceId == instance.Id, cancel)).ToResource();
    }
}
