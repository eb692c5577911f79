using ControlPlane.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Operations;

/// <summary>The SQL by which runners share the table of operations. Stateless; each call is one statement.</summary>
static class OperationLeases
{
    /// <summary>
    /// Takes due operations, those whose lease ran out included, one per subject and the oldest first.
    /// Served by the indexes ix_operations_due and ix_operations_subject_unfinished.
    /// </summary>
    public static Task<List<Operation>> TakeAsync(ControlPlaneDb db, string[] kinds, Guid owner, int most, TimeSpan leaseFor, DateTimeOffset now, CancellationToken cancel) =>
        db.Operations.FromSql($"""
            UPDATE operations SET state = 'running', lease_owner = {owner}, leased_until = {now + leaseFor}, tries = tries + 1, started_at = coalesce(started_at, {now})
            WHERE id IN (
                SELECT o.id FROM operations o
                WHERE o.state IN ('pending', 'running') AND o.kind = ANY ({kinds}) AND o.run_at <= {now}
                  AND (o.leased_until IS NULL OR o.leased_until <= {now})
                  AND NOT EXISTS (SELECT 1 FROM operations e WHERE e.subject = o.subject AND e.state IN ('pending', 'running') AND e.id < o.id)
                ORDER BY o.run_at LIMIT {most} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).IgnoreQueryFilters().AsNoTracking().ToListAsync(cancel);

    /// <returns>False when the lease is somebody else's by now.</returns>
    public static async Task<bool> RenewAsync(ControlPlaneDb db, Operation operation, DateTimeOffset until, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync($"UPDATE operations SET leased_until = {until} WHERE id = {operation.Id.Value} AND lease_owner = {operation.LeaseOwner}", cancel) == 1;

    /// <summary>
    /// Ends a step. A wake-up that came during it (the count has grown) makes the operation due at once, whatever the step asked for.
    /// </summary>
    /// <returns>False when the lease was lost: the caller must roll back.</returns>
    public static async Task<bool> ReleaseAsync(
        ControlPlaneDb db, Operation operation, OperationState state, string step, string data, int tries, DateTimeOffset runAt, string? error, string? detail, DateTimeOffset now, CancellationToken cancel)
    {
        var stateText = LowercaseEnum<OperationState>.Format(state);
        DateTimeOffset? finishedAt = state is OperationState.Succeeded or OperationState.Failed ? now : null;
        return await db.Database.ExecuteSqlAsync($"""
            UPDATE operations SET state = {stateText}, step = {step}, data = {data}::jsonb, tries = {tries}, error = {error}, error_detail = {detail}, finished_at = {finishedAt},
                run_at = CASE WHEN wake_count = {operation.WakeCount} THEN {runAt} ELSE {now} END, lease_owner = NULL, leased_until = NULL
            WHERE id = {operation.Id.Value} AND lease_owner = {operation.LeaseOwner}
            """, cancel) == 1;
    }
}
