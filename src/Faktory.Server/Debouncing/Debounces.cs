using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tracking;

namespace Faktory.Server.Debouncing;

/// <summary>
/// Of jobs that come in quick succession only the last one runs: while it waits, it is a scheduled job that the next one replaces. What is remembered
/// of it is in the same write as the job, and ends when the job is scheduled no more. Belongs to whoever runs the engine.
/// </summary>
sealed class Debounces(JobEngine engine, JobStore store)
{
    readonly StoredRows _rows = new(Keys.Debounce, store);

    /// <inheritdoc cref="StoredRows.MayHold"/>
    internal bool MayHold => _rows.MayHold;

    internal void Load() => _rows.Load();

    /// <summary>Schedules a job instead of the one that waits for the same key. Reads the store: first in a step.</summary>
    internal void Place(Submission job, byte[] key, DebounceWindow window)
    {
        var now = engine.Now;
        var firstAt = now;
        if (Find(key) is { } waiting && engine.Scheduled.Take(waiting.Place) is { } replaced)
        {
            engine.Removals.Release(replaced);
            store.Counters.Replaced++;
            // A clock that was set back must not make it wait for what it was set back by.
            firstAt = Math.Min(waiting.FirstAt, now);
        }
        var place = engine.Scheduled.Add(job.Record, Math.Min(now + window.For, firstAt + window.Max));
        _rows.Put(key, new DebounceRecord(place, firstAt, job.Record.Jid.ToArray()).Write());
        engine.Tracks.Note(job.Traits, job.Record.Jid, TrackedState.Enqueued);
    }

    /// <summary>The job waits no more, and nothing replaces it. Nothing happens when another one waits for the key.</summary>
    internal void Release(byte[] key, ReadOnlySpan<byte> jid)
    {
        if (Find(key) is { } waiting && jid.SequenceEqual(waiting.Jid))
            _rows.Delete(key);
    }

    internal void Clear() => _rows.Clear();

    DebounceRecord? Find(byte[] key) => _rows.Get(key) is { } row ? DebounceRecord.Read(row) : null;
}
