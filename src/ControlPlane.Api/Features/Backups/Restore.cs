using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Backups;

/// <summary>POST /v1/instances/{id}/restore</summary>
static class Restore
{
    static readonly Problem BackupNotNamed = new("backup_not_named", 400, "Name the backup by backup_id, or a moment by at, and not both.");
    static readonly Problem NameMissing = new("invalid_name", 400, "Restoring into a new instance needs a name for it.");
    static readonly Problem BackupNotFound = new("backup_not_found", 404, "This instance has no backup with this id.");
    static readonly Problem NoBackupBefore = new("no_backup_before", 404, "There is no good backup of this instance from that moment or earlier.");
    static readonly Problem BackupUnusable = new("backup_not_usable", 409, "This backup did not succeed, or has not finished. Choose another one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/restore", HandleAsync)
        .Describe("Backups", "restore", "Restore a backup",
            "`in_place` replaces the instance's data, which is kept until the restored server answers. `new` makes another instance on the same plan, with an address and password of its own.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new RestoreRequest("bak_01jd3m0v9k8q6r5t4w2x1y0z7a", null, "new", "orders-restored"))
        .Answers<RestoreResponse>(202, 200)
        .Refuses([InstanceLookup.NotFound, InstanceLookup.Deleted, BackupNotNamed, NameMissing, BackupNotFound, NoBackupBefore, BackupUnusable, .. InstanceAdmission.Refusals]);

    static async Task<Answer<RestoreResponse>> HandleAsync(
        string id, RestoreRequest request, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        if (await db.LockInstanceAsync(id, clock, cancel) is not { } source)
            return InstanceLookup.NotFound;
        var (backup, refusal) = await FindBackupAsync(source.Id, request, db, cancel);
        if (backup is null)
            return refusal!;
        var isInPlace = request.Into == "in_place";
        var (target, reason) = isInPlace ? TakeInPlace(source) : await TakeNewAsync(source, request.Name, caller, admission, db, clock, cancel);
        if (target is null)
            return reason!;

        var operation = db.FileRestore(backup, target, isInPlace ? RestoreInto.InPlace : RestoreInto.New, clock);
        db.Write(caller.Organization, caller.Actor, "backup.restore_requested", backup.Id.ToString(), $"from {source.Id} into {target.Id}", clock);
        return Answer.Accepted(new RestoreResponse(operation.ToResource(), target.ToResource(operation, clock.GetUtcNow())), operation.Id, async waited =>
            new RestoreResponse(await db.ReadOperationAsync(operation.Id, waited), await db.ReadInstanceAsync(target.Id, clock.GetUtcNow(), waited)));
    }

    static async Task<(Backup? Backup, Problem? Refusal)> FindBackupAsync(InstanceId instance, RestoreRequest request, ControlPlaneDb db, CancellationToken cancel)
    {
        if (request.BackupId is null == request.At is null)
            return (null, BackupNotNamed);
        var backups = db.Backups.AsNoTracking().Where(b => b.InstanceId == instance && b.RemovedAt == null);
        if (request.At?.ToUniversalTime() is { } at)
        {
            var newest = await backups.Where(b => b.State == BackupState.Succeeded && b.CreatedAt <= at).OrderByDescending(b => b.CreatedAt).FirstOrDefaultAsync(cancel);
            return newest is null ? (null, NoBackupBefore) : (newest, null);
        }
        if (!BackupId.TryParse(request.BackupId, out var id) || await backups.SingleOrDefaultAsync(b => b.Id == id, cancel) is not { } backup)
            return (null, BackupNotFound);
        return backup.State == BackupState.Succeeded ? (backup, null) : (null, BackupUnusable);
    }

    static (Instance? Target, Problem? Refusal) TakeInPlace(Instance source)
    {
        if (source.IsDeletedOrGoing)
            return (null, InstanceLookup.Deleted);
        source.Generation++;
        return (source, null);
    }

    /// <summary>Its provisioning is filed before the restore, on the same subject: so it is done before.</summary>
    static async Task<(Instance? Target, Problem? Refusal)> TakeNewAsync(
        Instance source, string? name, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (name is null)
            return (null, NameMissing);
        var (target, refusal) = await admission.AdmitAsync(caller, name, source.PlanKey, source.Region, PlanChoice.AtOnce, cancel);
        if (target is null)
            return (null, refusal);
        db.File(OperationKinds.InstanceProvision, caller.Organization, target.Id.ToString(), null, clock);
        db.Write(caller.Organization, caller.Actor, "instance.created", target.Id.ToString(), $"name {target.Name}, plan {target.PlanKey}, to restore into", clock);
        return (target, null);
    }
}
