using BackupScheduler.Archives;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace BackupScheduler.Jobs;

/// <summary>
/// Compares the store with the rows, and tells the operator of backups that no row knows. Removes nothing: a database that was put back to
/// yesterday must not take today's backups with it.
/// </summary>
sealed class TakeInventory(IServiceScopeFactory scopes, BackupArchives archives, TimeProvider clock)
{
    const int AlertsMax = 50;

    internal async Task RunAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        BackupKeys? last = null;
        await foreach (var found in archives.Store.ListAsync("", cancel))
        {
            var keys = BackupKeys.Of(found.Key);
            if (keys is not null && keys == last)
                continue;
            last = keys;
            if (!await IsKnownAsync(fleet.Db, keys, cancel))
                unknown.Add(keys?.Prefix ?? found.Key);
        }
        foreach (var prefix in unknown.Take(AlertsMax))
            await fleet.Db.RaiseAlertAsync(
                null, Alerts.Orphan, AlertSeverity.Warning, $"backup-store:{prefix}", $"The backup store holds '{prefix}', which no backup of the database accounts for.", clock, cancel);
        var open = await fleet.Db.Alerts.Where(a => a.Kind == Alerts.Orphan && a.Subject.StartsWith("backup-store:") && a.ResolvedAt == null).ToListAsync(cancel);
        foreach (var alert in open.Where(a => !unknown.Contains(a.Subject["backup-store:".Length..])))
            alert.ResolvedAt = clock.GetUtcNow();
        await fleet.Db.SaveChangesAsync(cancel);
    }

    static async Task<bool> IsKnownAsync(ControlPlaneDb db, BackupKeys? keys, CancellationToken cancel)
    {
        if (keys is null || !BackupId.TryParse(keys.BackupId, out var id))
            return false;
        var row = await db.Backups.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id && b.RemovedAt == null, cancel);
        return row is not null && BackupArchives.KeysOf(row) == keys;
    }
}
