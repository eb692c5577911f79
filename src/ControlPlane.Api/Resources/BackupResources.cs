using ControlPlane.Client;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class BackupResources
{
    internal static BackupResource ToResource(this Backup backup, Operation? operation) => new(
        backup.Id.ToString(), backup.InstanceId.ToString(), backup.Trigger.ToText(), backup.State.ToText(), backup.SizeBytes, backup.Jobs, backup.Error,
        backup.CreatedAt, backup.FinishedAt, backup.VerifiedAt, backup.RestoredAt, operation?.ToResource());

    internal static BackupPolicyResource ToResource(this BackupPolicy policy) =>
        new(policy.Enabled, policy.Schedule.ToText(), policy.EveryMinutes, policy.AtHour, policy.Keep, policy.NextRunAt, policy.LastSucceededAt);

    internal static async Task<IReadOnlyList<BackupResource>> ToResourcesAsync(this ControlPlaneDb db, IReadOnlyList<Backup> backups, CancellationToken cancel)
    {
        var operations = await db.FindUnfinishedAsync([.. backups.Select(b => b.Id.ToString())], cancel);
        return [.. backups.Select(backup => backup.ToResource(operations.GetValueOrDefault(backup.Id.ToString())))];
    }

    internal static async Task<BackupResource> ReadBackupAsync(this ControlPlaneDb db, BackupId id, CancellationToken cancel) =>
        (await db.ToResourcesAsync([await db.Backups.AsNoTracking().SingleAsync(b => b.Id == id, cancel)], cancel))[0];
}
