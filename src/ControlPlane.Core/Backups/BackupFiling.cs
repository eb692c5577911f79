using System.Text.Json.Serialization;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;

namespace ControlPlane.Core.Backups;

[JsonConverter(typeof(JsonStringEnumConverter<RestoreInto>))]
public enum RestoreInto
{
    /// <summary>Replaces the data of the instance that was backed up, or of another one that exists.</summary>
    InPlace,

    /// <summary>An instance that was requested together with the restore and has not run yet.</summary>
    New,
}

/// <summary>First state of a <see cref="OperationKinds.BackupCreate"/> operation.</summary>
public sealed record BackupCreateData(string BackupId);

/// <summary>First state of a <see cref="OperationKinds.BackupRestore"/> operation.</summary>
public sealed record BackupRestoreData(string BackupId, string TargetInstanceId, RestoreInto Into);

/// <summary>Filing backups and restores, saved with whatever else the caller saves. The BackupScheduler runs them.</summary>
public static class BackupFiling
{
    /// <summary>The operation's subject is the backup, so that a long one does not keep a restart or a deletion of the instance waiting.</summary>
    public static (Backup Backup, Operation Operation) FileBackup(this ControlPlaneDb db, Instance instance, BackupTrigger trigger, TimeProvider clock)
    {
        var backup = new Backup
        {
            Id = BackupId.New(clock),
            OrganizationId = instance.OrganizationId,
            InstanceId = instance.Id,
            Trigger = trigger,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Backups.Add(backup);
        var id = backup.Id.ToString();
        return (backup, db.File(OperationKinds.BackupCreate, instance.OrganizationId, id, new BackupCreateData(id), clock));
    }

    /// <summary>
    /// The operation's subject is the instance restored into: a restart or a deletion waits for it, and it waits for a provisioning filed before.
    /// The backup must be the same organization's, have succeeded, and not be removed.
    /// </summary>
    public static Operation FileRestore(this ControlPlaneDb db, Backup backup, Instance target, RestoreInto into, TimeProvider clock)
    {
        if (backup.OrganizationId != target.OrganizationId || backup.State != BackupState.Succeeded || backup.RemovedAt is not null)
            throw new InvalidOperationException($"backup {backup.Id} cannot be restored into {target.Id}");
        var subject = target.Id.ToString();
        return db.File(OperationKinds.BackupRestore, target.OrganizationId, subject, new BackupRestoreData(backup.Id.ToString(), subject, into), clock);
    }
}
