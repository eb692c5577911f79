using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;

namespace BackupScheduler.Jobs;

/// <summary>The checks of one round that could not be made. The operator hears of them: a check that never runs finds nothing.</summary>
/// <param name="check">restore drill or verification.</param>
sealed class CheckFailures(string check)
{
    readonly List<(BackupId Backup, Exception Error)> failures = [];

    internal int Count => failures.Count;

    internal void Add(BackupId backup, Exception error) => failures.Add((backup, error));

    /// <summary>Raises the operator's alert, or resolves it when everything could be checked.</summary>
    internal async Task ReportAsync(ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var subject = $"backup-scheduler: {check}";
        if (failures.Count == 0)
            await db.ResolveAlertAsync(Alerts.OperationFailed, subject, clock, cancel);
        else
            await db.RaiseAlertAsync(
                null, Alerts.OperationFailed, AlertSeverity.Critical, subject,
                $"The {check} of {failures.Count} backups could not be made, for example {failures[0].Backup}: {failures[0].Error.Message}", clock, cancel);
        await db.SaveChangesAsync(cancel);
    }
}
