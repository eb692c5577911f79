using Faktory.Server.Engine;

namespace Faktory.Server.Metrics;

/// <summary>The engine's numbers, all of one moment.</summary>
sealed record ServerStats(
    long Now,
    IReadOnlyDictionary<string, long> Queues,
    long Queued,
    long Scheduled,
    long Retries,
    long Dead,
    long Working,
    int Workers,
    long TotalEnqueued,
    long TotalProcessed,
    long TotalFailures,
    long TotalExpired,
    long TotalReplaced,
    long StorageBytes,
    long? StorageBytesMax)
{
    /// <summary>Runs in the engine.</summary>
    internal static ServerStats Take(JobEngine engine) => new(
        engine.Now,
        engine.Queues.Known.ToDictionary(q => q.Name, q => q.Count),
        engine.Queues.JobCount,
        engine.Scheduled.Count,
        engine.Retries.Count,
        engine.Dead.Count,
        engine.Reservations.Count,
        engine.Workers.Count,
        engine.Store.Counters.Enqueued,
        engine.Store.Counters.Processed,
        engine.Store.Counters.Failures,
        engine.Store.Counters.Expired,
        engine.Store.Counters.Replaced,
        engine.Room.UsedBytes,
        engine.Limits.StorageBytesMax);
}
