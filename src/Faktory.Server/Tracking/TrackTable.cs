using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Tracking;

/// <summary>
/// Where tracked jobs are and how far, until half an hour after the last change. Changes go with the batch of the job they belong to.
/// Belongs to whoever runs the engine.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="now">100 ns since 1970.</param>
/// <param name="hasQueue">Whether there is still a queue of that number: jobs that go with their queue are not told one by one.</param>
sealed class TrackTable(JobStore store, Func<long> now, Func<uint, bool> hasQueue)
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    readonly StoredRows _rows = new(Keys.Track, store);

    /// <inheritdoc cref="StoredRows.MayHold"/>
    internal bool MayHold => _rows.MayHold;

    internal void Load() => _rows.Load();

    /// <summary>What is known of a job; null when nothing is, or not any more.</summary>
    internal TrackRecord? Find(ReadOnlySpan<byte> jid) =>
        _rows.Get(jid) is { } row && TrackRecord.Read(row) is var known && !IsOver(known, now()) ? WhereItIs(known) : null;

    /// <summary>A job is somewhere else now. Nothing happens unless it is tracked.</summary>
    /// <param name="job">What it asks for.</param>
    /// <param name="jid">Its id.</param>
    /// <param name="state">Where it is.</param>
    /// <param name="home">The number of the queue it waits in, if it does.</param>
    internal void Note(JobTraits job, ReadOnlySpan<byte> jid, TrackedState state, uint home = 0)
    {
        if (job.IsTracked)
            Put(jid, (Find(jid) ?? new TrackRecord(state, 0, null, "")) with { State = state, UpdatedAt = now(), Home = home });
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

    TrackRecord WhereItIs(TrackRecord known) => known.Home == 0 || hasQueue(known.Home) ? known : known with { State = TrackedState.Unknown, Home = 0 };

    static bool IsOver(TrackRecord known, long now) => known.UpdatedAt + KeptFor.Ticks <= now;

    void Put(ReadOnlySpan<byte> jid, TrackRecord record) => _rows.Put(jid, record.Write());
}
