using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;

namespace BackupScheduler.Jobs;

/// <summary>
/// Files a backup for every policy whose time has come. What several schedulers do at once, or one that was down for a day, is still one backup
/// per policy: rows are locked, and the next time is computed from now. Policies of suspended instances stay due until they run again.
/// </summary>
sealed partial class FileDueBackups(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FileDueBackups> logger)
{
    const int PoliciesPerTransaction = 50;

    /// <summary>A new instance is first backed up after this, so that its owner soon sees that backups work.</summary>
    internal static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(15);

    internal async Task RunAsync(CancellationToken cancel)
    {
        await PlanNewAsync(cancel);
        while (await FileSomeAsync(cancel) == PoliciesPerTransaction)
            cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Policies that are new or were changed have no next time yet.</summary>
    async Task PlanNewAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var fresh = await (
            from policy in fleet.Db.BackupPolicies
            join instance in fleet.Db.Instances on policy.InstanceId equals instance.Id
            join entitled in fleet.Db.InstanceEntitlements on instance.Id equals entitled.InstanceId
            where policy.Enabled && policy.NextRunAt == null
            select new { policy, instance, entitled }).ToListAsync(cancel);
        foreach (var found in fresh)
            found.policy.NextRunAt = First(found.policy, found.instance, PolicySlots.Of(found.policy, found.entitled.Limits));
        await fleet.Db.SaveChangesAsync(cancel);
    }

    DateTimeOffset First(BackupPolicy policy, Instance instance, PolicySlots slots)
    {
        var now = clock.GetUtcNow();
        var next = slots.After(now);
        var wanted = policy.LastSucceededAt is { } last ? last + slots.Every : instance.CreatedAt + FirstAfter;
        return wanted < now ? now : wanted < next ? wanted : next;
    }

    async Task<int> FileSomeAsync(CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        var (db, now) = (fleet.Db, clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Served by ix_backup_policies_next_run_at.
        var due = await db.BackupPolicies.FromSql($"""
            SELECT p.* FROM backup_policies p JOIN instances i ON i.id = p.instance_id
            WHERE p.enabled AND p.next_run_at <= {now} AND i.desired = 'running' AND i.admin_address IS NOT NULL
            ORDER BY p.next_run_at LIMIT {PoliciesPerTransaction} FOR UPDATE OF p SKIP LOCKED
            """).ToListAsync(cancel);
        foreach (var policy in due)
            await FileAsync(db, policy, now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return due.Count;
    }

    async Task FileAsync(ControlPlaneDb db, BackupPolicy policy, DateTimeOffset now, CancellationToken cancel)
    {
        var instance = await db.Instances.AsNoTracking().SingleAsync(i => i.Id == policy.InstanceId, cancel);
        var limits = (await db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == instance.Id, cancel)).Limits;
        var slots = PolicySlots.Of(policy, limits);
        var missed = slots.MissedBetween(policy.NextRunAt!.Value, now);
        policy.NextRunAt = slots.After(now);

        var isStillRunning = await db.Backups.AnyAsync(
            b => b.InstanceId == policy.InstanceId && b.Trigger == BackupTrigger.Policy && (b.State == BackupState.Pending || b.State == BackupState.Running), cancel);
        if (isStillRunning)
        {
            Record(db, instance, "backup.skipped", "The one before was still being taken.");
            return;
        }
        db.FileBackup(instance, BackupTrigger.Policy, clock);
        if (missed > 0)
            Record(db, instance, "backup.caught_up", $"{missed} more were due while nothing could be taken; this one makes up for them.");
    }

    void Record(ControlPlaneDb db, Instance instance, string action, string detail)
    {
        db.Write(instance.OrganizationId, Actor.System("backup-scheduler"), action, instance.Id.ToString(), detail, clock);
        LogIrregular(logger, instance.Id.ToString(), action, detail);
    }

    [LoggerMessage(LogLevel.Warning, "Policy of {Instance}: {Action}. {Detail}")]
    static partial void LogIrregular(ILogger logger, string instance, string action, string detail);
}
