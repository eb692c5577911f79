using BackupScheduler.Drills;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BackupScheduler.Jobs;

/// <summary>Starts a throw-away server from the newest backup of each instance: only a restore proves a backup.</summary>
sealed partial class DrillBackups(
    IServiceScopeFactory scopes, RestoreDrill drill, DamageReports damage, IOptions<BackupSchedulerOptions> options, TimeProvider clock, ILogger<DrillBackups> logger)
{
    internal async Task RunAsync(CancellationToken cancel)
    {
        if (options.Value.ServerExecutable is null)
        {
            LogNoServer(logger);
            return;
        }
        await drill.RemoveAbandonedAsync(cancel);
        await using var fleet = scopes.CreateFleetScope();
        var before = clock.GetUtcNow() - options.Value.DrillEvery;
        var newest = await Due(fleet.Db, before).ToListAsync(cancel);
        var failures = new CheckFailures("restore drill");
        foreach (var backup in newest)
        {
            if (!await damage.IsWholeAsync(fleet.Db, backup, () => drill.RunAsync(backup, cancel), failures, cancel))
                continue;
            backup.RestoredAt = clock.GetUtcNow();
            await fleet.Db.SaveChangesAsync(cancel);
        }
        await failures.ReportAsync(fleet.Db, clock, cancel);
        LogDrilled(logger, newest.Count - failures.Count);
    }

    /// <summary>The newest good backup of each instance of which none was drilled since.</summary>
    static IQueryable<Backup> Due(ControlPlaneDb db, DateTimeOffset before)
    {
        var good = db.Backups.Where(b => b.State == BackupState.Succeeded && b.ManifestKey != null);
        var drilled = db.Backups.Where(b => b.RestoredAt > before).Select(b => b.InstanceId);
        return
            from instance in db.Instances
            where instance.Desired != DesiredState.Deleted && !drilled.Contains(instance.Id)
            from backup in good.Where(b => b.InstanceId == instance.Id).OrderByDescending(b => b.CreatedAt).Take(1)
            select backup;
    }

    [LoggerMessage(LogLevel.Warning, "There are no restore drills: set BackupScheduler:ServerExecutable to the faktory-server to start.")]
    static partial void LogNoServer(ILogger logger);

    [LoggerMessage(LogLevel.Information, "{Count} backups were proven by starting a server from them.")]
    static partial void LogDrilled(ILogger logger, int count);
}
