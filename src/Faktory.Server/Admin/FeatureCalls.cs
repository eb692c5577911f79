using Faktory.Server.Batches;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Throttling;
using Faktory.Server.Unique;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <param name="Batches">In the order of their ids.</param>
/// <param name="Next">Where the next part goes on; null when there is none.</param>
sealed record BatchesBody(IReadOnlyList<BatchBody> Batches, string? Next);

/// <param name="State">open, running, complete or successful.</param>
sealed record BatchBody(string Bid, string? ParentBid, string? Description, DateTimeOffset CreatedAt, long Total, long Pending, long Failed, string State);

sealed record ThrottlesBody(IReadOnlyList<ThrottleBody> Throttles);

/// <param name="Queue">Of which queue; null when it is of a type of job.</param>
/// <param name="Jobtype">Of which type.</param>
/// <param name="Used">How many jobs at work count.</param>
/// <param name="Available">How many the rate would give out at once now.</param>
sealed record ThrottleBody(string? Queue, string? Jobtype, int? Concurrency, int? Worker, int Used, long Waits, int? Rate, string? Per, long? Available);

/// <param name="Held">Locks that keep other jobs out.</param>
/// <param name="Over">Those whose time is over, or whose queue is gone, and that are not swept yet.</param>
sealed record LocksBody(long Held, long Over);

/// <summary>GET /admin/batches, /admin/throttles, /admin/locks: what the features are doing, for who operates the server.</summary>
static class FeatureCalls
{
    const int BatchesMax = 500;

    const int LocksPerStep = 5000;

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapGet("/admin/batches", http => WriteBatchesAsync(http, admin));
        app.MapGet("/admin/throttles", http => WriteThrottlesAsync(http, admin));
        app.MapGet("/admin/locks", http => WriteLocksAsync(http, admin));
    }

    static Task WriteBatchesAsync(HttpContext http, AdminContext admin) =>
        EngineAnswer.WriteAsync(http, admin, e => e.CallAsync(engine => Batches(engine, http.Request.Query["after"])), AdminJson.Default.BatchesBody);

    static Task WriteThrottlesAsync(HttpContext http, AdminContext admin) => EngineAnswer.WriteAsync(http, admin, e => e.CallAsync(Throttles), AdminJson.Default.ThrottlesBody);

    static Task WriteLocksAsync(HttpContext http, AdminContext admin) => EngineAnswer.WriteAsync(http, admin, CountLocksAsync, AdminJson.Default.LocksBody);

    static BatchesBody Batches(JobEngine engine, string? after)
    {
        var page = engine.Batches.Read(string.IsNullOrEmpty(after) ? null : after, BatchesMax);
        var rows = page.Select(b => new BatchBody(b.Bid, b.ParentBid, b.Description, Rfc3339.ToInstant(b.CreatedAt), b.Total, b.Pending, b.Failed, StateOf(b.Phase)));
        return new BatchesBody([.. rows], page.Count == BatchesMax ? page[^1].Bid : null);
    }

    static string StateOf(BatchPhase phase) => phase switch
    {
        BatchPhase.Open => "open",
        BatchPhase.Running => "running",
        BatchPhase.Complete => "complete",
        _ => "successful",
    };

    static ThrottlesBody Throttles(JobEngine engine)
    {
        long? Available(TokenBucket? bucket) => bucket is null ? null : Math.Max(0, (long)bucket.Tokens(engine.SteadyNow));
        return new ThrottlesBody(
        [
            .. engine.Throttles.Queues.Select(t => new ThrottleBody(
                t.Queue, null, t.Rule.Concurrency, t.Rule.PerWorker, t.InUse, t.Waits, t.Rule.Rate?.Count, t.Rule.Rate is { } rate ? PeriodOf(rate) : null, Available(t.Bucket))),
            .. engine.Throttles.JobTypes.Select(t => new ThrottleBody(
                null, t.Key, null, null, 0, 0, t.Value.Rule.Count, PeriodOf(t.Value.Rule), Available(t.Value))),
        ]);
    }

    static string PeriodOf(RateRule rate) => rate.Period.TotalSeconds switch
    {
        1 => "second",
        60 => "minute",
        _ => "hour",
    };

    // They are on disk only: counted in parts, between which commands are served.
    static async Task<LocksBody> CountLocksAsync(EngineLoop engine)
    {
        var (held, over) = (0L, 0L);
        for (byte[]? from = [Keys.Unique]; from is not null;)
        {
            var at = from;
            (var some, var others, from) = await engine.CallAsync(e => CountLocks(e, at));
            (held, over) = (held + some, over + others);
        }
        return new LocksBody(held, over);
    }

    static (long Held, long Over, byte[]? Next) CountLocks(JobEngine engine, byte[] from)
    {
        engine.Store.WritePending();
        var (held, over) = (0L, 0L);
        using var rows = engine.Store.Database.Scan(from, [Keys.Unique + 1]);
        for (var i = 0; i < LocksPerStep && rows.IsValid; i++, rows.Next())
        {
            var found = UniqueLock.Read(rows.CopyValue());
            if (found.ExpiresAt > engine.Now && (found.Home == 0 || engine.Queues.Find(found.Home) is not null))
                held++;
            else
                over++;
        }
        return (held, over, rows.IsValid ? rows.Key.ToArray() : null);
    }
}
