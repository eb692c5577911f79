using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Tracking;

/// <summary>
/// Where tracked jobs are and how far, until half an hour after the last change. Changes go with the batch of the job they belong to.
/// Belongs to whoever runs the engine.
/// </summary>
sealed class TrackTable(JobStore store, Func<long> now)
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    readonly StoredRows _rows = new(Keys.Track, store);

    internal void Load() => _rows.Load();

    /// <summary>What is known of a job; null when nothing is, or not any more.</summary>
    internal TrackRecord? Find(ReadOnlySpan<byte> jid) =>
        _rows.Get(jid) is { } row && TrackRecord.Read(row) is var known && !IsOver(known, now()) ? known : null;

    /// <summary>A job is somewhere else now. Nothing happens unless it is tracked.</summary>
    internal void Note(JobTraits job, ReadOnlySpan<byte> jid, TrackedState state)
    {
        if (job.IsTracked)
            Put(jid, (Find(jid) ?? new TrackRecord(state, 0, null, "")) with { State = state, UpdatedAt = now() });
    }

    /// <summary>A worker tells how far it is. What it does not tell stays as it was.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="percent">0 to 100, or null.</param>
    /// <param name="description">Or null.</param>
    /// <param name="isWorkedOn">Somebody has it; what counts when nothing was known of it.</param>
    internal void Report(ReadOnlySpan<byte> jid, int? percent, string? description, bool isWorkedOn)
    {
        var known = Find(jid) ?? new TrackRecord(isWorkedOn ? TrackedState.Working : TrackedState.Unknown, 0, null, "");
        Put(jid, known with { UpdatedAt = now(), Percent = percent ?? known.Percent, Description = description ?? known.Description });
    }

    internal void Clear() => _rows.Clear();

    /// <summary>Deletes some of those that are over; each call goes on where the last one ended.</summary>
    internal void Sweep(long now) => _rows.Sweep(row => IsOver(TrackRecord.Read(row), now));

    static bool IsOver(TrackRecord known, long now) => known.UpdatedAt + KeptFor.Ticks <= now;

    void Put(ReadOnlySpan<byte> jid, TrackRecord record) => _rows.Put(jid, record.Write());
}
