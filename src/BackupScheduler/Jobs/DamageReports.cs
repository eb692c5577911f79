using BackupScheduler.Archives;
using BackupScheduler.Drills;
using BackupScheduler.Instances;
using BackupScheduler.Stores;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace BackupScheduler.Jobs;

/// <summary>What happens when a backup that was good turns out not to be: it no longer counts as one, and its owner is told.</summary>
sealed partial class DamageReports(TimeProvider clock, ILogger<DamageReports> logger)
{
    const int TriesMax = 3;

    /// <summary>
    /// Runs the check. A bad read is not yet a bad object, so damage counts when it is found each time; a check that could not be made says
    /// nothing about the backup and goes to <paramref name="failures"/>.
    /// </summary>
    internal async Task<bool> IsWholeAsync(ControlPlaneDb db, Backup backup, Func<Task> check, CheckFailures failures, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await check();
                return true;
            }
            catch (BackupDamagedException found)
            {
                LogDamaged(logger, found, backup.Id.ToString(), tries);
                if (tries < TriesMax)
                    continue;
                await ReportAsync(db, backup, cancel);
                return false;
            }
            catch (Exception error) when (error is ObjectStoreException or AdminPortException or DrillFailedException)
            {
                LogNotChecked(logger, error, backup.Id.ToString());
                failures.Add(backup.Id, error);
                return false;
            }
        }
    }

    async Task ReportAsync(ControlPlaneDb db, Backup backup, CancellationToken cancel)
    {
        await db.Entry(backup).ReloadAsync(cancel);
        if (backup.ManifestKey is null)
            return; // Retention has begun to remove it: of course it is no longer whole.
        var instance = await db.Instances.AsNoTracking().SingleAsync(i => i.Id == backup.InstanceId, cancel);
        (backup.State, backup.Error) = (BackupState.Failed, "A later check found this backup damaged in the backup store. Do not rely on it.");
        await db.RaiseAlertAsync(
            backup.OrganizationId, Alerts.BackupFailed, AlertSeverity.Critical, backup.InstanceId.ToString(),
            $"The backup of {instance.Name} from {backup.CreatedAt:u} was found damaged in the backup store. We have been told; take another one now.", clock, cancel);
        await db.SaveChangesAsync(cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Backup {Backup} could not be checked; it is tried again next time.")]
    static partial void LogNotChecked(ILogger logger, Exception error, string backup);

    [LoggerMessage(LogLevel.Error, "Backup {Backup} is damaged, found on try {Tries}.")]
    static partial void LogDamaged(ILogger logger, Exception error, string backup, int tries);
}
