using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>One object and the events about it that wait: read once for all of them.</summary>
sealed record InboxBatch(string ObjectType, string ObjectId, IReadOnlyList<ClaimedEvent> Events);

sealed record ClaimedEvent(InboxEventId Id, int Attempts, DateTimeOffset ReceivedAt);

/// <summary>The SQL by which workers share the inbox.</summary>
static class InboxClaims
{
    const int LookedAtMax = 100;

    sealed record Due(string Provider, string Account, string ObjectType, string ObjectId);

    /// <summary>
    /// The object whose event has waited longest, of a customer that nobody else works on: both the customer and the events stay locked until the transaction ends. Null when nothing is due, or
    /// when somebody else has all of it. Served by ix_inbox_events_due and ix_inbox_events_object.
    /// </summary>
    internal static async Task<InboxBatch?> ClaimAsync(this ControlPlaneDb db, DateTimeOffset now, CancellationToken cancel)
    {
        // The inner limit keeps the planner from taking the lock of more rows than it looks at one by one.
        var found = await db.Database.SqlQuery<Due>(
            $"""
            SELECT due.provider, due.account, due.object_type, due.object_id FROM (
                SELECT * FROM inbox_events WHERE state = 'pending' AND next_attempt_at <= {now} ORDER BY next_attempt_at, id LIMIT {LookedAtMax}) due
            WHERE pg_try_advisory_xact_lock(hashtextextended('inbox ' || due.provider || ' ' || due.lock_key, 0)) LIMIT 1
            """).ToListAsync(cancel);
        if (found is not [var due])
            return null;
        var events = await db.InboxEvents.FromSql(
            $"""
            SELECT * FROM inbox_events
            WHERE provider = {due.Provider} AND account = {due.Account} AND object_type = {due.ObjectType} AND object_id = {due.ObjectId} AND state = 'pending' FOR UPDATE SKIP LOCKED
            """).AsNoTracking().ToListAsync(cancel);
        return new InboxBatch(due.ObjectType, due.ObjectId, [.. events.Select(e => new ClaimedEvent(e.Id, e.Attempts, e.ReceivedAt))]);
    }

    internal static Task FinishAsync(this ControlPlaneDb db, InboxBatch batch, InboxState state, string? error, DateTimeOffset now, CancellationToken cancel)
    {
        var ids = batch.Events.Select(e => e.Id.Value).ToArray();
        return db.Database.ExecuteSqlAsync(
            $"UPDATE inbox_events SET state = {state.ToText()}, attempts = attempts + 1, error = {error}, finished_at = {now} WHERE id = ANY ({ids}) AND state = 'pending'", cancel);
    }

    internal static Task PutBackAsync(this ControlPlaneDb db, ClaimedEvent claimed, InboxState state, string error, DateTimeOffset nextAttemptAt, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset? finishedAt = state == InboxState.Dead ? now : null;
        return db.Database.ExecuteSqlAsync(
            $"""
            UPDATE inbox_events SET state = {state.ToText()}, attempts = attempts + 1, error = {error}, next_attempt_at = {nextAttemptAt}, finished_at = {finishedAt}
            WHERE id = {claimed.Id.Value} AND state = 'pending'
            """,
            cancel);
    }
}
