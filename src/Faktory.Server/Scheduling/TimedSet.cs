using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Scheduling;

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

    internal long Count => counters.Count;

    /// <summary>At or before the earliest due time; <see cref="Never"/> when the set is empty.</summary>
    internal long NextDueAt { get; private set; } = Never;

    /// <summary>Finds the next due time after a start.</summary>
    internal void Load()
    {
        using var jobs = Scan();
        NextDueAt = jobs.IsValid ? Keys.Due(jobs.Key) : Never;
    }

    internal void Add(JobRecord job, long dueAt)
    {
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        store.Batch.Put(Keys.Timed(set, dueAt, store.Counters.TakeSequence(), key), job.Bytes);
        counters.Count++;
        counters.Floor = Math.Min(counters.Floor, dueAt);
        NextDueAt = Math.Min(NextDueAt, dueAt);
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
    internal IEnumerable<JobRecord> TakeWhere(Func<JobRecord, bool> isWanted)
    {
        store.WritePending();
        using var jobs = Scan();
        for (; jobs.IsValid; jobs.Next())
        {
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

    internal void Clear()
    {
        store.Batch.DeleteRange([set], [(byte)(set + 1)]);
        counters.Count = 0;
        counters.Floor = 0;
        NextDueAt = Never;
    }

    RocksIterator Scan()
    {
        Span<byte> first = stackalloc byte[Keys.TimedLength];
        Span<byte> last = stackalloc byte[Keys.TimedLength];
        return store.Database.Scan(Keys.Timed(set, counters.Floor, 0, first), Keys.Timed(set, long.MaxValue, ulong.MaxValue, last));
    }
}
