using Faktory.Server.Jobs;

namespace Faktory.Server.Queues;

readonly record struct QueuedJob(ulong Sequence, JobRecord Record);

/// <summary>The next jobs of a lane, in memory, in order of their sequence.</summary>
sealed class JobWindow
{
    const int KeptCapacity = 64;

    QueuedJob[] _ring = [];
    int _head;

    internal int Count { get; private set; }

    internal long Bytes { get; private set; }

    internal QueuedJob First => _ring[_head];

    internal IEnumerable<QueuedJob> Jobs => Enumerable.Range(0, Count).Select(i => _ring[Slot(i)]);

    internal void Append(QueuedJob job)
    {
        if (Count == _ring.Length)
            Resize(Math.Max(4, 2 * _ring.Length));
        _ring[Slot(Count)] = job;
        Count++;
        Bytes += job.Record.Bytes.Length;
    }

    internal QueuedJob TakeFirst()
    {
        var job = _ring[_head];
        _ring[_head] = default;
        _head = Slot(1);
        Count--;
        Bytes -= job.Record.Bytes.Length;
        if (Count == 0 && _ring.Length > KeptCapacity)
            _ring = [];
        if (Count == 0)
            _head = 0;
        return job;
    }

    /// <summary>Puts a job back to where it was. Rare, so it may move the whole window.</summary>
    internal void Insert(QueuedJob job)
    {
        var jobs = Jobs.Append(job).OrderBy(j => j.Sequence).ToArray();
        Clear();
        foreach (var each in jobs)
            Append(each);
    }

    /// <summary>Drops a job out of the middle; false when it is not here. Rare, so it may move the whole window.</summary>
    internal bool Remove(ulong sequence)
    {
        var jobs = Jobs.Where(j => j.Sequence != sequence).ToArray();
        if (jobs.Length == Count)
            return false;
        Clear();
        foreach (var each in jobs)
            Append(each);
        return true;
    }

    internal void Clear()
    {
        _ring = [];
        (_head, Count, Bytes) = (0, 0, 0);
    }

    int Slot(int i) => _head + i < _ring.Length ? _head + i : _head + i - _ring.Length;

    void Resize(int capacity)
    {
        var ring = new QueuedJob[capacity];
        for (var i = 0; i < Count; i++)
            ring[i] = _ring[Slot(i)];
        (_ring, _head) = (ring, 0);
    }
}
