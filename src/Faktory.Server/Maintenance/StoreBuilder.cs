using System.Buffers.Binary;
using Faktory.Server.Expiry;
using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Maintenance;

/// <summary>
/// Fills a new store with jobs from elsewhere, in any order: who adds a job says where in its queue it stands. Memory does not grow with
/// the number of jobs. What is not finished has no counts, and must be thrown away.
/// </summary>
sealed class StoreBuilder : IDisposable
{
    const long BatchBytesMax = 1 << 20;

    readonly JobStore _store;
    readonly ExpiryIndex _expiry;
    readonly Dictionary<string, (uint Id, QueuePause? Pause)> _queues = [];
    readonly Dictionary<(uint QueueId, byte Lane), (ulong Head, long Count)> _lanes = [];
    readonly Dictionary<byte, (long Count, long Floor)> _sets = [];

    /// <param name="path">A folder that does not exist yet.</param>
    internal StoreBuilder(string path)
    {
        _store = JobStore.Open(path);
        _expiry = new ExpiryIndex(_store);
    }

    /// <summary>Takes so many places in a row for <see cref="AddQueued"/>, and returns the first: lower ones are fetched first.</summary>
    internal ulong TakePlaces(long count) => _store.Counters.TakeSequences(count);

    internal void AddQueue(string name, QueuePause? pause) => _queues[name] = (IdOf(name), pause ?? _queues.GetValueOrDefault(name).Pause);

    /// <returns>The number of its queue.</returns>
    internal uint AddQueued(string queue, byte lane, ulong place, JobRecord job)
    {
        var location = new JobLocation(IdOf(queue), lane, place);
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        _store.Batch.Put(Keys.At(Keys.Job, location, key), job.Bytes);
        var (head, count) = _lanes.GetValueOrDefault((location.QueueId, lane), (ulong.MaxValue, 0));
        _lanes[(location.QueueId, lane)] = (Math.Min(head, place), count + 1);
        if (!job.Traits.IsEmpty && JobTraits.Read(job.Traits).ExpiresAt is { } expiresAt)
            _expiry.Add(expiresAt, location);
        WriteWhenFull();
        return location.QueueId;
    }

    /// <param name="set">The letter of the scheduled jobs, those to be retried, or the dead ones.</param>
    /// <param name="due">100 ns since 1970.</param>
    /// <param name="job">Its bytes.</param>
    internal void AddTimed(byte set, long due, JobRecord job)
    {
        due = Math.Clamp(due, 0, TimedSet.Never - 1);
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        _store.Batch.Put(Keys.Timed(set, due, _store.Counters.TakeSequence(), key), job.Bytes);
        var (count, floor) = _sets.GetValueOrDefault(set, (0, long.MaxValue));
        _sets[set] = (count + 1, Math.Min(floor, due));
        WriteWhenFull();
    }

    /// <summary>A row as it is.</summary>
    internal void AddRow(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _store.Batch.Put(key, value);
        WriteWhenFull();
    }

    /// <summary>What was done on a day since 1970.</summary>
    internal void AddDay(int day, long processed, long failures)
    {
        var value = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, processed);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(sizeof(long)), failures);
        _store.Batch.Put(Keys.History(day), value);
    }

    /// <summary>Adds names and counts, and makes everything durable.</summary>
    internal void Finish(long processed, long failures)
    {
        var counters = _store.Counters;
        (counters.Processed, counters.Failures) = (processed, failures);
        counters.Enqueued = _lanes.Values.Sum(l => l.Count);
        foreach (var (set, stored) in ((byte, SetCounters)[])[(Keys.Scheduled, counters.Scheduled), (Keys.Retries, counters.Retries), (Keys.Dead, counters.Dead)])
            (stored.Count, stored.Floor) = _sets.GetValueOrDefault(set, (0, 0));
        foreach (var (queue, (id, pause)) in _queues)
            _store.Batch.Put(Keys.QueueName(queue), new QueueRecord(id, pause).Write());
        WriteLanes();
        _store.WritePending();
        _store.Sync();
    }

    public void Dispose() => _store.Dispose();

    void WriteLanes()
    {
        var key = new byte[Keys.LaneMetaLength];
        var meta = new byte[16];
        foreach (var ((queueId, lane), (head, count)) in _lanes)
        {
            BinaryPrimitives.WriteUInt64BigEndian(meta, head);
            BinaryPrimitives.WriteInt64BigEndian(meta.AsSpan(8), count);
            _store.Batch.Put(Keys.LaneMeta(queueId, lane, key), meta);
        }
    }

    uint IdOf(string queue)
    {
        if (!_queues.TryGetValue(queue, out var known))
            _queues.Add(queue, known = (_store.Counters.TakeQueueId(), null));
        return known.Id;
    }

    void WriteWhenFull()
    {
        if (_store.Batch.Bytes >= BatchBytesMax)
            _store.WritePending();
    }
}
