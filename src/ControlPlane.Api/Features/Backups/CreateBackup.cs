using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Backups;

/// <summary>POST /v1/instances/{id}/backups</summary>
static class CreateBackup
{
    static readonly Problem NotRunning = new("instance_not_running", 409, "Only a running instance can be backed up. Resume it, or wait until it runs.");
    static readonly Problem InProgress = new("backup_in_progress", 409, "A backup of this instance is being taken already. Wait until it has finished.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/backups", HandleAsync)
        .Describe("Backups", "create_backup", "Back an instance up now", "Without stopping it. Counts among the backups that the policy keeps.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<BackupResource>(202, 201)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, NotRunning, InProgress);

    static async Task<Answer<BackupResource>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (instance.Desired != DesiredState.Running || instance.State != InstanceState.Running)
            return NotRunning;
        if (await db.Backups.AnyAsync(b => b.InstanceId == instance.Id && (b.State == BackupState.Pending || b.State == BackupState.Running), cancel))
            return InProgress;

        var (backup, operation) = db.FileBackup(instance, BackupTrigger.Manual, clock);
        db.Write(caller.Organization, caller.Actor, "backup.requested", backup.Id.ToString(), $"instance {instance.Id}", clock);
        return Answer.Accepted(backup.ToResource(operation), operation.Id, async waited =>
        {
            var now = await db.ReadBackupAsync(backup.Id, waited);
            return now.State == "succeeded" ? Answer.Created(now) : new Answer<BackupResource> { Status = 202, Body = now };
        });
    }
}
