using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Workers;

namespace Faktory.Server.Tracking;

/// <summary>
/// Where tracked jobs are and how far, on disk only, until half an hour after the last change. Changes go with the batch of the job they belong to.
/// Belongs to whoever runs the engine.
/// </summary>
sealed class TrackTable
{
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    const int SweptMax = 1000;

    readonly JobStore _store;
    readonly Func<long> _now;
    // What the pending batch changes, which reads of the store do not see yet.
    readonly Dictionary<byte[], TrackRecord> _pending = new(JidComparer.Instance);
    byte[] _sweptTo = [Keys.Track];
    bool _mayHold;
    // All that the store shows is deleted by the pending batch.
    bool _isCleared;

    internal TrackTable(JobStore store, Func<long> now)
    {
        (_store, _now) = (store, now);
        store.Completing += _ =>
        {
            _pending.Clear();
            _isCleared = false;
        };
    }

    internal void Load()
    {
        using var tracked = _store.Database.Scan([Keys.Track], [Keys.Track + 1]);
        _mayHold = tracked.IsValid;
    }

    /// <summary>What is known of a job; null when nothing is, or not any more.</summary>
    internal TrackRecord? Find(ReadOnlySpan<byte> jid)
    {
        if (!_mayHold)
            return null;
        var key = jid.ToArray();
        if (!_pending.TryGetValue(key, out var known))
        {
            if (_isCleared || _store.Database.Get(KeyOf(key)) is not { } stored)
                return null;
            known = TrackRecord.Read(stored);
        }
        return known.UpdatedAt + KeptFor.Ticks > _now() ? known : null;
    }

    /// <summary>A job is somewhere else now. Nothing happens unless it is tracked.</summary>
    internal void Note(JobTraits job, ReadOnlySpan<byte> jid, TrackedState state)
    {
        if (job.IsTracked)
            Put(jid, (Find(jid) ?? new TrackRecord(state, 0, null, "")) with { State = state, UpdatedAt = _now() });
    }

    /// <summary>A worker tells how far it is. What it does not tell stays as it was.</summary>
    /// <param name="jid">The job.</param>
    /// <param name="percent">0 to 100, or null.</param>
    /// <param name="description">Or null.</param>
    /// <param name="isWorkedOn">Somebody has it; what counts when nothing was known of it.</param>
    internal void Report(ReadOnlySpan<byte> jid, int? percent, string? description, bool isWorkedOn)
    {
        var known = Find(jid) ?? new TrackRecord(isWorkedOn ? TrackedState.Working : TrackedState.Unknown, 0, null, "");
        Put(jid, known with { UpdatedAt = _now(), Percent = percent ?? known.Percent, Description = description ?? known.Description });
    }

    internal void Clear()
    {
        _store.Batch.DeleteRange([Keys.Track], [Keys.Track + 1]);
        _pending.Clear();
        (_mayHold, _isCleared) = (false, true);
    }

    /// <summary>Deletes some of those that are over; each call goes on where the last one ended.</summary>
    internal void Sweep(long now)
    {
        if (!_mayHold)
            return;
        _store.WritePending();
        using var tracked = _store.Database.Scan(_sweptTo, [Keys.Track + 1]);
        for (var i = 0; i < SweptMax && tracked.IsValid; i++, tracked.Next())
        {
            if (TrackRecord.Read(tracked.CopyValue()).UpdatedAt + KeptFor.Ticks <= now)
                _store.Batch.Delete(tracked.Key);
        }
        _sweptTo = tracked.IsValid ? tracked.Key.ToArray() : [Keys.Track];
    }

    void Put(ReadOnlySpan<byte> jid, TrackRecord record)
    {
        _mayHold = true;
        var key = jid.ToArray();
        _store.Batch.Put(KeyOf(key), record.Write());
        _pending[key] = record;
    }

    static byte[] KeyOf(byte[] jid) => [Keys.Track, .. jid];
}
