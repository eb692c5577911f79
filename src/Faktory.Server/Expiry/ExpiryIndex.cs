using Faktory.Server.Storage;

namespace Faktory.Server.Expiry;

/// <summary>
/// When queued jobs expire: where to look without looking at all jobs. An entry is there exactly while its job is queued. Belongs to whoever
/// runs the engine.
/// </summary>
sealed class ExpiryIndex(JobStore store)
{
    internal const long Never = long.MaxValue;

    /// <summary>At or before the first; <see cref="Never"/> when there is none.</summary>
    internal long NextAt { get; private set; } = Never;

    internal void Load()
    {
        using var entries = store.Database.Scan([Keys.Expiry], [Keys.Expiry + 1]);
        NextAt = entries.IsValid ? Keys.Due(entries.Key) : Never;
    }

    internal void Add(long expiresAt, JobLocation location)
    {
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        Span<byte> value = stackalloc byte[Keys.LocationLength];
        store.Batch.Put(Keys.Timed(Keys.Expiry, Math.Max(0, expiresAt), location.Sequence, key), Keys.At(Keys.Job, location, value));
        NextAt = Math.Min(NextAt, expiresAt);
    }

    internal void Remove(long expiresAt, JobLocation location)
    {
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        store.Batch.Delete(Keys.Timed(Keys.Expiry, Math.Max(0, expiresAt), location.Sequence, key));
    }

    /// <summary>Takes out at most so many entries whose time has come, and says where their jobs were.</summary>
    internal List<JobLocation> TakeDue(long now, int max)
    {
        var due = new List<JobLocation>();
        if (NextAt > now)
            return due;
        store.WritePending();
        using var entries = store.Database.Scan([Keys.Expiry], [Keys.Expiry + 1]);
        for (; entries.IsValid && due.Count < max && Keys.Due(entries.Key) <= now; entries.Next())
        {
            due.Add(Keys.Location(entries.CopyValue()));
            store.Batch.Delete(entries.Key);
        }
        NextAt = entries.IsValid ? Keys.Due(entries.Key) : Never;
        return due;
    }

    internal void Clear()
    {
        store.Batch.DeleteRange([Keys.Expiry], [Keys.Expiry + 1]);
        NextAt = Never;
    }
}
