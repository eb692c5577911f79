using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Billing.Inbox;

/// <summary>Puts events into the inbox, each id once.</summary>
public static class InboxTaking
{
    /// <summary>One statement of its own, or part of the caller's transaction; needs the fleet's scope. A database trigger tells the workers.</summary>
    /// <returns>Whether it is new.</returns>
    public static async Task<bool> TakeAsync(this ControlPlaneDb db, IncomingEvent incoming, InboxOrigin origin, TimeProvider clock, CancellationToken cancel)
    {
        var (now, subject) = (clock.GetUtcNow(), incoming.Subject);
        var finishedAt = incoming.State == InboxState.Pending ? (DateTimeOffset?)null : now;
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO inbox_events (id, provider, account, event_id, type, api_version, created_at, payload, origin, received_at, delivery_count,
                object_type, object_id, lock_key, state, attempts, next_attempt_at, error, finished_at)
            VALUES ({InboxEventId.New(clock).Value}, {incoming.Provider}, {incoming.Account}, {incoming.EventId}, {incoming.Type}, {incoming.ApiVersion}, {incoming.CreatedAt.ToUniversalTime()}, {incoming.Payload},
                {origin.ToText()}, {now}, {(origin == InboxOrigin.Delivered ? 1 : 0)}, {subject?.ObjectType ?? ""}, {subject?.ObjectId ?? ""}, {subject?.LockKey ?? ""}, {incoming.State.ToText()}, 0, {now},
                {incoming.NotUnderstood}, {finishedAt})
            ON CONFLICT (provider, account, event_id) DO NOTHING
            """,
            cancel);
        if (written == 0 && origin == InboxOrigin.Delivered)
            await CountAsync(db, incoming, cancel);
        if (written == 0 && origin == InboxOrigin.Reconciled && incoming.Subject is { } readable)
            written = await UnparkAsync(db, incoming, readable, now, cancel);
        return written == 1;
    }

    /// <summary>What nobody could read as it was delivered can be read in the provider's list: then it is as good as new.</summary>
    static Task<int> UnparkAsync(ControlPlaneDb db, IncomingEvent incoming, InboxSubject subject, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE inbox_events SET state = 'pending', object_type = {subject.ObjectType}, object_id = {subject.ObjectId}, lock_key = {subject.LockKey}, next_attempt_at = {now}, finished_at = NULL
        WHERE provider = {incoming.Provider} AND account = {incoming.Account} AND event_id = {incoming.EventId} AND state = 'parked' AND object_id = ''
        """,
        cancel);

    /// <summary>How often it came is worth knowing and not worth waiting for: while a worker has the row, a delivery goes uncounted.</summary>
    static Task<int> CountAsync(ControlPlaneDb db, IncomingEvent incoming, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        UPDATE inbox_events SET delivery_count = delivery_count + 1
        WHERE id IN (SELECT id FROM inbox_events WHERE provider = {incoming.Provider} AND account = {incoming.Account} AND event_id = {incoming.EventId} FOR UPDATE SKIP LOCKED)
        """,
        cancel);
}

/// <summary>What was applied or needs nothing is removed in time.</summary>
public static class InboxForgetting
{
    /// <returns>How many.</returns>
    public static Task<int> ForgetOldEventsAsync(this ControlPlaneDb db, TimeSpan keptFor, TimeProvider clock, CancellationToken cancel)
    {
        var before = clock.GetUtcNow() - keptFor;
        return db.InboxEvents.Where(e => e.FinishedAt < before && (e.State == InboxState.Done || e.State == InboxState.Ignored || e.State == InboxState.Skipped)).ExecuteDeleteAsync(cancel);
    }
}
