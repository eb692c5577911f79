using BackupScheduler.Archives;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Jobs;

/// <summary>
/// Keeps the newest N good backups of each instance, those by policy and those on demand counted apart, and removes older ones. A row without a
/// manifest's key is one that is being removed: nobody verifies or restores it, and a killed removal goes on. The newest good one stays whatever the numbers say, and so does one that is being restored. When an instance is
/// purged, its backups go too.
/// </summary>
sealed partial class ApplyRetention(
    IServiceScopeFactory scopes, BackupArchives archives, IOptions<BackupSchedulerOptions> options, TimeProvider clock, ILogger<ApplyRetention> logger)
{
    internal async Task RunAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var db = fleet.Db;
        var inUse = await RestoringAsync(db, cancel);
        var instances = await BackedUp(db).AsNoTracking().ToListAsync(cancel);
        foreach (var found in instances)
        {
            var kept = await db.Backups.Where(b => b.InstanceId == found.Instance.Id && b.RemovedAt == null).OrderByDescending(b => b.CreatedAt).ToListAsync(cancel);
            foreach (var backup in Excess(kept, Math.Max(1, found.Keep), IsPurged(found.Instance)).Where(b => !inUse.Contains(b.Id)))
                await RemoveAsync(db, backup, cancel);
        }
    }

    static IQueryable<Kept> BackedUp(ControlPlaneDb db)
    {
        var backedUp = db.Backups.Where(b => b.RemovedAt == null).Select(b => b.InstanceId);
        return
            from instance in db.Instances
            join entitled in db.InstanceEntitlements on instance.Id equals entitled.InstanceId
            join policy in db.BackupPolicies on instance.Id equals policy.InstanceId into policies
            from policy in policies.DefaultIfEmpty()
            where backedUp.Contains(instance.Id)
            select new Kept(instance, policy, entitled);
    }

    /// <summary>What may go, of an instance's backups from new to old.</summary>
    IEnumerable<Backup> Excess(List<Backup> kept, int keep, bool isPurged)
    {
        var finished = kept.Where(b => b.State is BackupState.Succeeded or BackupState.Failed);
        if (isPurged)
            return finished;
        var good = kept.Where(b => b.State == BackupState.Succeeded && b.ManifestKey is not null).ToList();
        var tooMany = good.GroupBy(b => b.Trigger).SelectMany(g => g.Skip(keep)).Where(b => b != good[0]);
        var failedBefore = clock.GetUtcNow() - options.Value.ShowFailedFor;
        return tooMany.Concat(kept.Where(b => b.State == BackupState.Succeeded && b.ManifestKey is null)).Concat(finished.Where(b => b.State == BackupState.Failed && b.CreatedAt < failedBefore));
    }

    async Task RemoveAsync(ControlPlaneDb db, Backup backup, CancellationToken cancel)
    {
        backup.ManifestKey = null;
        await db.SaveChangesAsync(cancel);
        await BackupArchive.RemoveAsync(archives.Store, BackupArchives.KeysOf(backup), cancel);
        (backup.RemovedAt, backup.SealedKey) = (clock.GetUtcNow(), null);
        await db.SaveChangesAsync(cancel);
        LogRemoved(logger, backup.Id.ToString(), backup.InstanceId.ToString(), backup.CreatedAt);
    }

    async Task<HashSet<BackupId>> RestoringAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var restores = await db.Operations
            .Where(o => o.Kind == OperationKinds.BackupRestore.Name && (o.State == OperationState.Pending || o.State == OperationState.Running)).AsNoTracking().ToListAsync(cancel);
        return [.. restores.Select(o => PrefixedId.Parse<BackupId>(new StepContext(o, db, clock).GetData<BackupRestoreData>().BackupId))];
    }

    static bool IsPurged(Instance instance) => instance is { Desired: DesiredState.Deleted, State: InstanceState.Deleted, PurgeAt: null };

    sealed record Kept(Instance Instance, BackupPolicy? Policy, InstanceEntitlements Entitled)
    {
        internal int Keep => Math.Min(Policy?.Keep ?? int.MaxValue, Entitled.Limits.BackupsKeptMax);
    }

    [LoggerMessage(LogLevel.Information, "Backup {Backup} of {Instance} from {CreatedAt} was removed: newer ones take its place.")]
    static partial void LogRemoved(ILogger logger, string backup, string instance, DateTimeOffset createdAt);
}
