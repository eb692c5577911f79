using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Scheduling;

/// <summary>Where a job stands in a set.</summary>
/// <param name="DueAt">100 ns since 1970.</param>
/// <param name="Sequence">Unique in the store, from 1 on.</param>
readonly record struct TimedKey(long DueAt, ulong Sequence);

readonly record struct TimedJob(TimedKey Key, JobRecord Record);

/// <summary>
/// Jobs ordered by time: scheduled, to be retried, or dead (due when they are forgotten). Everything but the counters is on disk.
/// </summary>
/// <param name="set">Its letter in the key format.</param>
/// <param name="store">Where the jobs are.</param>
/// <param name="counters">Its count and floor, which are stored with every commit.</param>
sealed class TimedSet(byte set, JobStore store, SetCounters counters)
{
    internal const long Never = long.MaxValue;

    const int BatchedChangesMax = 1000;
    const long TakenBytesMax = 4 << 20;
    const long ReadBytesMax = 1 << 20;

    internal long Count => counters.Count;

    /// <summary>At or before the earliest due time; <see cref="Never"/> when the set is empty.</summary>
    internal long NextDueAt { get; private set; } = Never;

    /// <summary>Finds the next due time after a start.</summary>
    internal void Load()
    {
        using var jobs = Scan();
        NextDueAt = jobs.IsValid ? Keys.Due(jobs.Key) : Never;
    }

    internal TimedKey Add(JobRecord job, long dueAt)
    {
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        var place = new TimedKey(dueAt, store.Counters.TakeSequence());
        store.Batch.Put(Keys.Timed(set, place.DueAt, place.Sequence, key), job.Bytes);
        counters.Count++;
        counters.Floor = Math.Min(counters.Floor, dueAt);
        NextDueAt = Math.Min(NextDueAt, dueAt);
        return place;
    }

    /// <summary>Takes out at most <paramref name="jobsMax"/> jobs that are due, earliest first; fewer when they are large.</summary>
    internal List<JobRecord> TakeDue(long now, int jobsMax)
    {
        var due = new List<JobRecord>();
        if (NextDueAt > now)
            return due;
        store.WritePending();
        using var jobs = Scan();
        var bytes = 0L;
        for (; jobs.IsValid && due.Count < jobsMax && bytes < TakenBytesMax && Keys.Due(jobs.Key) <= now; jobs.Next())
        {
            var job = JobRecord.Read(jobs.CopyValue());
            bytes += job.Bytes.Length;
            due.Add(job);
            store.Batch.SingleDelete(jobs.Key);
        }
        counters.Count -= due.Count;
        NextDueAt = jobs.IsValid ? Keys.Due(jobs.Key) : Never;
        // Where the next scan starts: the deleted keys before it would have to be stepped over one by one.
        counters.Floor = NextDueAt == Never ? now : NextDueAt;
        return due;
    }

    /// <summary>
    /// Takes out the jobs that are wanted, earliest first. Each one handed out is a step of its own: what becomes of it is put into
    /// the batch before the next is asked for. Jobs added meanwhile are not looked at.
    /// </summary>
    internal IEnumerable<JobRecord> TakeWhere(Func<JobRecord, bool> isWanted) => Take(_ => true, isWanted);

    /// <summary>As <see cref="TakeWhere"/>, of all jobs; those without traits go too and are not handed out, which takes no step for each.</summary>
    internal IEnumerable<JobRecord> TakeAll()
    {
        var last = store.Counters.LastSequence;
        var left = counters.Count;
        foreach (var job in Take(jobs => JobRecord.HasTraits(jobs.FirstByteOfValue), _ => true))
        {
            left--;
            yield return job;
        }
        if (counters.Count == left)
        {
            Clear();
            yield break;
        }
        // What became of one of them is a job of this set: it stays.
        foreach (var _ in Take(jobs => Keys.TimedSequence(jobs.Key) <= last, _ => true)) { }
    }

    IEnumerable<JobRecord> Take(Predicate<RocksIterator> isCandidate, Func<JobRecord, bool> isWanted)
    {
        store.WritePending();
        using var jobs = Scan();
        for (; jobs.IsValid; jobs.Next())
        {
            if (!isCandidate(jobs))
                continue;
            var job = JobRecord.Read(jobs.CopyValue());
            if (!isWanted(job))
                continue;
            // A set may hold more than memory: the batch must not.
            if (store.Batch.Count >= BatchedChangesMax)
                store.WritePending();
            store.Batch.SingleDelete(jobs.Key);
            counters.Count--;
            yield return job;
        }
        if (counters.Count == 0)
            NextDueAt = Never;
    }

    /// <summary>
    /// A part of the set: at most <paramref name="jobsMax"/> jobs, fewer when they are large, that follow <paramref name="after"/> in the
    /// direction asked for. Without it from the earliest on, or backwards from the latest. Empty only where the set ends.
    /// </summary>
    internal List<TimedJob> Read(TimedKey? after, bool isBackward, int jobsMax)
    {
        store.WritePending();
        var page = new List<TimedJob>();
        var bytes = 0L;
        using var jobs = Scan(after, isBackward);
        for (; jobs.IsValid && page.Count < jobsMax && bytes < ReadBytesMax; jobs.Next())
        {
            var record = JobRecord.Read(jobs.CopyValue());
            bytes += record.Bytes.Length;
            page.Add(new TimedJob(new TimedKey(Keys.Due(jobs.Key), Keys.TimedSequence(jobs.Key)), record));
        }
        // What was deleted before the first job has not to be stepped over again.
        if (after is null && !isBackward && page.Count > 0)
            counters.Floor = page[0].Key.DueAt;
        return page;
    }

    /// <summary>The job at that place, or null when it is there no more. Reads the store: first in a step.</summary>
    internal JobRecord? Find(TimedKey at)
    {
        store.WritePending();
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        return store.Database.Get(Keys.Timed(set, at.DueAt, at.Sequence, key)) is { } bytes ? JobRecord.Read(bytes) : null;
    }

    /// <summary>As <see cref="Find"/>, and takes it out; the caller says in the same step what becomes of it.</summary>
    internal JobRecord? Take(TimedKey at)
    {
        if (Find(at) is not { } job)
            return null;
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        store.Batch.SingleDelete(Keys.Timed(set, at.DueAt, at.Sequence, key));
        if (--counters.Count == 0)
            NextDueAt = Never;
        return job;
    }

    internal void Clear()
    {
        store.Batch.DeleteRange([set], [(byte)(set + 1)]);
        counters.Count = 0;
        counters.Floor = 0;
        NextDueAt = Never;
    }

    RocksIterator Scan(TimedKey? after = null, bool isBackward = false)
    {
        var from = after is { } before && !isBackward ? before with { Sequence = before.Sequence + 1 } : new TimedKey(counters.Floor, 0);
        var to = after is { } behind && isBackward ? behind : new TimedKey(long.MaxValue, ulong.MaxValue);
        Span<byte> first = stackalloc byte[Keys.TimedLength];
        Span<byte> end = stackalloc byte[Keys.TimedLength];
        return store.Database.Scan(Keys.Timed(set, from.DueAt, from.Sequence, first), Keys.Timed(set, to.DueAt, to.Sequence, end), isBackward);
    }
}
