using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;

namespace BackupScheduler.Jobs;

/// <summary>
/// Raises an alert for every policy that has not had a good backup for twice its interval, whatever the reason: the failure that nobody
/// reports is the one that hurts. Looks at results only, and resolves the alert of whatever is no longer overdue.
/// </summary>
sealed class AlertOverdueBackups(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>One that was filed so recently may still make it: the first after a resume, for example.</summary>
    static readonly TimeSpan UnfinishedGrace = TimeSpan.FromMinutes(30);

    internal async Task RunAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var (db, now) = (fleet.Db, clock.GetUtcNow());
        var policies = await (
            from policy in db.BackupPolicies
            join instance in db.Instances on policy.InstanceId equals instance.Id
            join entitled in db.InstanceEntitlements on instance.Id equals entitled.InstanceId
            where policy.Enabled && instance.Desired == DesiredState.Running
            select new { policy, instance, entitled }).AsNoTracking().ToListAsync(cancel);
        var graceFrom = now - UnfinishedGrace;
        var underWay = (await db.Backups
            .Where(b => (b.State == BackupState.Pending || b.State == BackupState.Running) && b.CreatedAt > graceFrom)
            .Select(b => b.InstanceId).ToListAsync(cancel)).ToHashSet();

        var overdue = new HashSet<string>(StringComparer.Ordinal);
        foreach (var found in policies.Where(p => !underWay.Contains(p.instance.Id)))
        {
            var every = PolicySlots.Of(found.policy, found.entitled.Limits).Every;
            var since = found.policy.LastSucceededAt ?? found.instance.CreatedAt;
            if (now - since <= 2 * every)
                continue;
            overdue.Add(found.instance.Id.ToString());
            var last = found.policy.LastSucceededAt is { } at ? $"since {at:u}" : "yet";
            await db.RaiseAlertAsync(
                found.instance.OrganizationId, Alerts.BackupOverdue, AlertSeverity.Critical, found.instance.Id.ToString(),
                $"{found.instance.Name} has had no good backup {last}, although one is due every {Describe(every)}.", clock, cancel);
        }
        var open = await db.Alerts.Where(a => a.Kind == Alerts.BackupOverdue && a.ResolvedAt == null).ToListAsync(cancel);
        foreach (var alert in open.Where(a => !overdue.Contains(a.Subject)))
            alert.ResolvedAt = now;
        await db.SaveChangesAsync(cancel);
    }

    static string Describe(TimeSpan every) => every.TotalHours < 1 ? $"{every.TotalMinutes:0} minutes" : every.TotalHours == 1 ? "hour" : $"{every.TotalHours:0.#} hours";
}
