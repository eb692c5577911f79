using BackupScheduler.Archives;
using BackupScheduler.Instances;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Jobs;

/// <summary>
/// Removes what killed processes and failed steps left: objects of failed backups, unfinished uploads, checkpoints and staged restores on
/// instances. Removes only what a row names, or what is old and in nobody's use.
/// </summary>
sealed partial class RemoveLeftovers(
    IServiceScopeFactory scopes, BackupArchives archives, AdminPorts ports, IOptions<BackupSchedulerOptions> options, TimeProvider clock, ILogger<RemoveLeftovers> logger)
{
    internal async Task RunAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        await RemoveObjectsAsync(fleet.Db, cancel);
        await RemoveCheckpointsAsync(fleet.Db, cancel);
        var before = clock.GetUtcNow() - options.Value.LeftoverAfter;
        await archives.Store.RemoveUnfinishedAsync(before, cancel);
        foreach (var instance in await fleet.Db.Instances.Where(i => i.State == InstanceState.Running && i.AdminAddress != null).AsNoTracking().ToListAsync(cancel))
            await LookAtAsync(fleet.Db, instance, before, cancel);
    }

    /// <summary>A failed backup that never was complete still has its key: the sign that its objects may be there.</summary>
    async Task RemoveObjectsAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var failed = await db.Backups.Where(b => b.State == BackupState.Failed && b.SealedKey != null && b.VerifiedAt == null).ToListAsync(cancel);
        foreach (var backup in failed)
        {
            await BackupArchive.RemoveAsync(archives.Store, BackupArchives.KeysOf(backup), cancel);
            (backup.SealedKey, backup.ManifestKey) = (null, null);
            await db.SaveChangesAsync(cancel);
        }
    }

    async Task RemoveCheckpointsAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var left = await (
            from backup in db.Backups
            join instance in db.Instances on backup.InstanceId equals instance.Id
            where backup.CheckpointId != null && (backup.State == BackupState.Succeeded || backup.State == BackupState.Failed)
            select new { backup, instance }).ToListAsync(cancel);
        foreach (var found in left)
        {
            if (!found.instance.IsDeletedOrGoing && !await TryAsync(found.instance, port => port.DeleteCheckpointAsync(found.backup.CheckpointId!, cancel)))
                continue;
            found.backup.CheckpointId = null;
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Finds what no row names: its maker died between asking and noting the answer.</summary>
    async Task LookAtAsync(ControlPlaneDb db, Instance instance, DateTimeOffset before, CancellationToken cancel)
    {
        var checkpoints = await db.Backups.Where(b => b.InstanceId == instance.Id && b.CheckpointId != null).Select(b => b.CheckpointId).ToListAsync(cancel);
        var subject = instance.Id.ToString();
        var isRestoring = await db.Operations.AnyAsync(
            o => o.Subject == subject && o.Kind == OperationKinds.BackupRestore.Name && (o.State == OperationState.Pending || o.State == OperationState.Running), cancel);
        await TryAsync(instance, async port =>
        {
            foreach (var stray in (await port.ListCheckpointsAsync(cancel)).Where(c => c.CreatedAt < before && !checkpoints.Contains(c.Id)))
                await port.DeleteCheckpointAsync(stray.Id, cancel);
            foreach (var stray in isRestoring ? [] : (await port.ListRestoresAsync(cancel)).Where(r => r.CreatedAt < before))
                await port.DeleteRestoreAsync(stray.Id, cancel);
        });
    }

    async Task<bool> TryAsync(Instance instance, Func<AdminPort, Task> work)
    {
        try
        {
            await work(ports.Of(instance));
            return true;
        }
        catch (AdminPortException away)
        {
            LogAway(logger, instance.Id.ToString(), away.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Instance} could not be tidied up; it is looked at again later. {Reason}")]
    static partial void LogAway(ILogger logger, string instance, string reason);
}
