using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Queues;

/// <summary>All queues by name. Belongs to whoever runs the engine.</summary>
sealed class QueueTable
{
    readonly JobStore _store;
    readonly LaneContext _lanes;
    readonly Dictionary<string, JobQueue> _queues = [];
    readonly Dictionary<uint, JobQueue> _byId = [];

    internal QueueTable(JobStore store)
    {
        _store = store;
        _lanes = new LaneContext(store);
        store.Completing += WriteDirtyLanes;
    }

    /// <summary>Those that exist for clients, by name.</summary>
    internal IEnumerable<JobQueue> Known => _queues.Values.Where(q => q.IsKnown).OrderBy(q => q.Name, StringComparer.Ordinal);

    internal int KnownCount { get; private set; }

    internal long JobCount => _queues.Values.Sum(q => q.Count);

    /// <summary>The queue of that name, to push to.</summary>
    internal JobQueue GetOrCreate(string name)
    {
        var queue = GetForWaiting(name);
        if (!queue.IsKnown)
        {
            queue.Establish(_store.Counters.TakeQueueId());
            _byId.Add(queue.Id, queue);
            KnownCount++;
        }
        return queue;
    }

    internal JobQueue? Find(uint id) => _byId.GetValueOrDefault(id);

    internal JobQueue? Find(string name) => _queues.GetValueOrDefault(name) is { IsKnown: true } queue ? queue : null;

    /// <summary>The queue of that name, to wait for jobs in; <see cref="ForgetUnused"/> drops it again when it never got one.</summary>
    internal JobQueue GetForWaiting(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues.Add(name, queue = new JobQueue(_lanes, name));
        return queue;
    }

    /// <summary>The next end of a pause, 100 ns since 1970, or earlier; <see cref="TimedSet.Never"/> for none.</summary>
    internal long NextResumeAt { get; private set; } = TimedSet.Never;

    /// <summary>Pauses a queue, or, with null, ends its pause.</summary>
    internal void Pause(JobQueue queue, QueuePause? pause)
    {
        queue.SetPause(pause);
        NextResumeAt = Math.Min(NextResumeAt, pause?.Until ?? TimedSet.Never);
    }

    /// <summary>Ends the pauses whose time is over.</summary>
    /// <returns>The queues that give out jobs again, by name.</returns>
    internal List<JobQueue> ResumeDue(long now)
    {
        var over = _byId.Values.Where(q => q.Pause?.Until <= now).OrderBy(q => q.Name, StringComparer.Ordinal).ToList();
        foreach (var queue in over)
            queue.SetPause(null);
        NextResumeAt = _byId.Values.Select(q => q.Pause?.Until ?? TimedSet.Never).DefaultIfEmpty(TimedSet.Never).Min();
        return over;
    }

    internal void ForgetUnused(JobQueue queue)
    {
        if (queue is { IsKnown: false, Waiting.Count: 0 })
            _queues.Remove(queue.Name);
    }

    internal void Remove(JobQueue queue)
    {
        _byId.Remove(queue.Id);
        queue.Remove();
        KnownCount--;
        ForgetUnused(queue);
    }

    /// <summary>Forgets all queues and their jobs; FETCHes go on waiting.</summary>
    internal void Clear()
    {
        foreach (var kind in (ReadOnlySpan<byte>)[Keys.Job, Keys.Name])
            _store.Batch.DeleteRange([kind], [(byte)(kind + 1)]);
        _store.Batch.DeleteRange(Keys.LaneMetaStart, Keys.LaneMetaEnd);
        foreach (var queue in _queues.Values.ToArray())
        {
            queue.Reset();
            ForgetUnused(queue);
        }
        _byId.Clear();
        _lanes.WindowBytes = 0;
        _lanes.ReservedAtStart.Clear();
        KnownCount = 0;
    }

    /// <summary>A job that was at work is no longer stored.</summary>
    internal void Forget(JobLocation reserved) => _lanes.ReservedAtStart.Remove(reserved);

    /// <summary>Reads names and counts after a start; the jobs stay on disk.</summary>
    /// <param name="reserved">The jobs that are at work, and so not queued although they are stored among the queued ones.</param>
    internal void Load(IEnumerable<JobLocation> reserved)
    {
        _lanes.ReservedAtStart.UnionWith(reserved);
        using (var names = _store.Database.Scan([Keys.Name], [Keys.Name + 1]))
        {
            for (; names.IsValid; names.Next())
            {
                var queue = GetForWaiting(System.Text.Encoding.UTF8.GetString(names.Key[1..]));
                queue.Read(names.CopyValue());
                _byId.Add(queue.Id, queue);
                KnownCount++;
                NextResumeAt = Math.Min(NextResumeAt, queue.Pause?.Until ?? TimedSet.Never);
            }
        }
        using var lanes = _store.Database.Scan(Keys.LaneMetaStart, Keys.LaneMetaEnd);
        for (; lanes.IsValid; lanes.Next())
        {
            var (queueId, number) = Keys.LaneOf(lanes.Key);
            if (!_byId.TryGetValue(queueId, out var queue))
                throw new CorruptStorageException($"lane {number} belongs to queue {queueId}, which has no name");
            queue.ReadLane(number, lanes.CopyValue());
        }
    }

    void WriteDirtyLanes(WriteBatch batch)
    {
        foreach (var lane in _lanes.DirtyLanes)
            lane.Write(batch);
        _lanes.DirtyLanes.Clear();
    }
}
