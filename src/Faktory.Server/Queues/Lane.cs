using System.Buffers.Binary;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Queues;

/// <summary>
/// The jobs of one priority in one queue. All are on disk; the next few are also in memory, so that taking one
/// never searches the front of the queue, where every job ever taken has left its tombstone.
/// </summary>
sealed class Lane(LaneContext context, uint queueId, byte number)
{
    const int WindowJobsMax = 512;
    const int WindowBytesMax = 256 << 10;

    readonly JobWindow _window = new();

    // Jobs up to here are in the window, or taken.
    ulong _loadedThrough;
    bool _isDirty;
    bool _isForgotten;

    internal byte Number => number;

    internal long Count { get; private set; }

    /// <summary>When the next job was put into its queue, 100 ns since 1970. Only when there is one.</summary>
    internal long OldestEnqueuedAt
    {
        get
        {
            LoadWhenEmpty();
            return _window.First.Record.EnqueuedAt;
        }
    }

    /// <returns>Its sequence.</returns>
    internal ulong Append(JobRecord job)
    {
        var location = new JobLocation(queueId, number, context.Store.Counters.TakeSequence());
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        context.Store.Batch.Put(Keys.At(Keys.Job, location, key), job.Bytes);
        var isAllInMemory = _window.Count == Count;
        Count++;
        if (isAllInMemory && HasRoomFor(job))
            AddToWindow(new QueuedJob(location.Sequence, job));
        MarkDirty();
        return location.Sequence;
    }

    /// <summary>Takes the next job; the caller says in the same step where it goes. May write the pending batch first.</summary>
    internal QueuedJob TakeFirst()
    {
        LoadWhenEmpty();
        var job = _window.TakeFirst();
        context.WindowBytes -= job.Record.Bytes.Length;
        Count--;
        MarkDirty();
        return job;
    }

    /// <summary>Puts back a job whose reservation is undone, at the place it had.</summary>
    internal void Return(ulong sequence, JobRecord job)
    {
        Count++;
        MarkDirty();
        // One that a start found at work, behind queued jobs that are not in memory: it is on disk among them.
        if (sequence > _loadedThrough)
            return;
        // Else it was taken out of the window, so the window is where it belongs.
        _window.Insert(new QueuedJob(sequence, job));
        context.WindowBytes += job.Bytes.Length;
    }

    /// <summary>The queued jobs from a sequence on, in order. Reads the store, which must not change meanwhile.</summary>
    internal IEnumerable<QueuedJob> From(ulong sequence)
    {
        context.Store.WritePending();
        foreach (var job in _window.Jobs.Where(j => j.Sequence >= sequence))
            yield return job;
        if (_window.Count == Count)
            yield break;
        using var jobs = ScanFrom(Math.Max(sequence, _loadedThrough + 1));
        for (; jobs.IsValid; jobs.Next())
        {
            var found = Keys.Location(jobs.Key);
            if (!context.IsReserved(found))
                yield return new QueuedJob(found.Sequence, JobRecord.Read(jobs.CopyValue()));
        }
    }

    /// <summary>The job, or null when it is not queued any more. Reads the store: first in a step.</summary>
    internal JobRecord? Find(ulong sequence)
    {
        if (sequence <= _loadedThrough)
            return _window.Jobs.Where(j => j.Sequence == sequence).Select(j => (JobRecord?)j.Record).FirstOrDefault();
        context.Store.WritePending();
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        var location = new JobLocation(queueId, number, sequence);
        var stored = context.IsReserved(location) ? null : context.Store.Database.Get(Keys.At(Keys.Job, location, key));
        return stored is null ? null : JobRecord.Read(stored);
    }

    /// <summary>Deletes one job out of the middle. False when it is not queued any more. Reads the store: first in a step.</summary>
    internal bool Delete(ulong sequence)
    {
        if (Find(sequence) is not { } job)
            return false;
        if (_window.Remove(sequence))
            context.WindowBytes -= job.Bytes.Length;
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        context.Store.Batch.SingleDelete(Keys.At(Keys.Job, new JobLocation(queueId, number, sequence), key));
        Count--;
        MarkDirty();
        return true;
    }

    /// <summary>Deletes all that is queued. Reserved jobs of this lane stay: their bytes are still needed.</summary>
    internal void Clear()
    {
        Span<byte> key = stackalloc byte[Keys.LocationLength];
        foreach (var job in _window.Jobs)
            context.Store.Batch.SingleDelete(Keys.At(Keys.Job, new JobLocation(queueId, number, job.Sequence), key));
        if (Count > _window.Count)
            DeleteFrom(_loadedThrough + 1);
        context.WindowBytes -= _window.Bytes;
        _window.Clear();
        _loadedThrough = context.Store.Counters.LastSequence;
        Count = 0;
        MarkDirty();
    }

    /// <summary>Its queue is gone: nothing of it may be written any more.</summary>
    internal void Forget() => _isForgotten = true;

    internal void Read(ReadOnlySpan<byte> meta)
    {
        _loadedThrough = BinaryPrimitives.ReadUInt64BigEndian(meta) - 1;
        Count = BinaryPrimitives.ReadInt64BigEndian(meta[8..]);
    }

    internal void Write(WriteBatch batch)
    {
        _isDirty = false;
        if (_isForgotten)
            return;
        Span<byte> key = stackalloc byte[Keys.LaneMetaLength];
        Span<byte> meta = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(meta, _window.Count > 0 ? _window.First.Sequence : _loadedThrough + 1);
        BinaryPrimitives.WriteInt64BigEndian(meta[8..], Count);
        batch.Put(Keys.LaneMeta(queueId, number, key), meta);
    }

    void MarkDirty()
    {
        if (_isDirty)
            return;
        _isDirty = true;
        context.DirtyLanes.Add(this);
    }

    bool HasRoomFor(JobRecord job) =>
        _window.Count < WindowJobsMax &&
        (_window.Count == 0 || _window.Bytes + job.Bytes.Length <= WindowBytesMax) &&
        context.WindowBytes + job.Bytes.Length <= LaneContext.WindowBytesMax;

    void AddToWindow(QueuedJob job)
    {
        _window.Append(job);
        _loadedThrough = job.Sequence;
        context.WindowBytes += job.Record.Bytes.Length;
    }

    void LoadWhenEmpty()
    {
        if (_window.Count > 0)
            return;
        context.Store.WritePending();
        using var jobs = ScanFrom(_loadedThrough + 1);
        for (; jobs.IsValid && _window.Count < Count; jobs.Next())
        {
            var location = Keys.Location(jobs.Key);
            if (context.IsReserved(location))
                continue;
            var record = JobRecord.Read(jobs.CopyValue());
            // At least one, whatever its size: a job that never fits would block the queue for good.
            if (_window.Count > 0 && !HasRoomFor(record))
                break;
            AddToWindow(new QueuedJob(location.Sequence, record));
        }
        if (_window.Count == 0)
            throw new CorruptStorageException($"queue {queueId} lane {number} should hold {Count} jobs and none is found");
    }

    RocksIterator ScanFrom(ulong sequence)
    {
        Span<byte> first = stackalloc byte[Keys.LocationLength];
        Span<byte> end = stackalloc byte[Keys.LocationLength];
        return context.Store.Database.Scan(
            Keys.At(Keys.Job, new JobLocation(queueId, number, sequence), first),
            Keys.At(Keys.Job, new JobLocation(queueId, (byte)(number + 1), 0), end));
    }

    // Around the reserved jobs that a start found behind the first queued one.
    void DeleteFrom(ulong sequence)
    {
        Span<byte> from = stackalloc byte[Keys.LocationLength];
        Span<byte> to = stackalloc byte[Keys.LocationLength];
        foreach (var kept in context.ReservedAtStart.Where(l => l.QueueId == queueId && l.Lane == number && l.Sequence >= sequence).Select(l => l.Sequence).Order())
        {
            context.Store.Batch.DeleteRange(
                Keys.At(Keys.Job, new JobLocation(queueId, number, sequence), from), Keys.At(Keys.Job, new JobLocation(queueId, number, kept), to));
            sequence = kept + 1;
        }
        context.Store.Batch.DeleteRange(
            Keys.At(Keys.Job, new JobLocation(queueId, number, sequence), from), Keys.At(Keys.Job, new JobLocation(queueId, (byte)(number + 1), 0), to));
    }
}

/// <summary>What all lanes of a store share.</summary>
sealed class LaneContext(JobStore store)
{
    internal const long WindowBytesMax = 8 << 20;

    internal JobStore Store => store;

    /// <summary>Bytes of all windows together. Small plans run in little memory, however many queues they have.</summary>
    internal long WindowBytes;

    internal List<Lane> DirtyLanes { get; } = [];

    /// <summary>Jobs that were reserved when the store was opened and still are; those reserved since are always before the window.</summary>
    internal HashSet<JobLocation> ReservedAtStart { get; } = [];

    internal bool IsReserved(JobLocation location) => ReservedAtStart.Count > 0 && ReservedAtStart.Contains(location);
}
