using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>A consistent copy of the store. Taken in the engine between two steps, so its counts are those of its jobs.</summary>
/// <param name="Counts">The jobs in it, those at work included.</param>
/// <param name="Sequence">The store's write sequence.</param>
/// <param name="Failure">Why there is none; the server goes on all the same.</param>
sealed record Checkpoint(JobCounts Counts, ulong Sequence, string? Failure)
{
    internal static Checkpoint Take(JobEngine engine, string directory)
    {
        engine.Store.WritePending();
        var counts = new JobCounts(
            engine.Queues.JobCount, engine.Scheduled.Count, engine.Retries.Count, engine.Dead.Count, engine.Reservations.Count);
        try
        {
            engine.Store.Database.Checkpoint(directory);
            return new Checkpoint(counts, engine.Store.Database.SequenceNumber, null);
        }
        catch (StorageException e)
        {
            return new Checkpoint(counts, 0, e.Message);
        }
    }
}
