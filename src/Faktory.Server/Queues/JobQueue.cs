using Faktory.Server.Commands;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Queues;

/// <summary>A queue by name: nine lanes, and the FETCHes that wait for a job in it.</summary>
sealed class JobQueue(LaneContext context, string name)
{
    const long ReadBytesMax = 1 << 20;
    internal const int Lanes = 9;

    // By lane number, 1 to 9.
    readonly Lane?[] _lanes = new Lane?[Lanes + 1];
    uint _id;

    internal string Name => name;

    /// <summary>Whether jobs were ever pushed to it. One that is only waited for is not stored and not listed.</summary>
    internal bool IsKnown => _id != 0;

    internal uint Id => _id;

    internal bool IsPaused => Pause is not null;

    /// <summary>Null when it gives out jobs. Changed by the table, which knows when pauses end.</summary>
    internal QueuePause? Pause { get; private set; }

    internal long Count { get; private set; }

    internal LinkedList<Fetch> Waiting { get; } = [];

    internal JobLocation Append(JobRecord job, byte lane)
    {
        Count++;
        return new JobLocation(_id, lane, LaneAt(lane).Append(job));
    }

    /// <summary>Takes the first job of the most urgent lane; the caller says in the same step where it goes.</summary>
    internal QueuedJob TakeFirst(out JobLocation location)
    {
        foreach (var lane in _lanes)
        {
            if (lane is not { Count: > 0 })
                continue;
            var job = lane.TakeFirst();
            Count--;
            location = new JobLocation(_id, lane.Number, job.Sequence);
            return job;
        }
        throw new InvalidOperationException($"queue {name} is empty");
    }

    /// <summary>
    /// A part of the queue in the order of fetching: at most <paramref name="jobsMax"/> jobs, fewer when they are large, from a lane and a
    /// sequence on. Empty only where the queue ends.
    /// </summary>
    internal List<(JobLocation At, JobRecord Record)> Read(byte fromLane, ulong fromSequence, int jobsMax)
    {
        var page = new List<(JobLocation, JobRecord)>();
        var bytes = 0L;
        foreach (var lane in _lanes.OfType<Lane>().Where(l => l.Number >= fromLane && l.Count > 0))
        {
            foreach (var job in lane.From(lane.Number == fromLane ? fromSequence : 0))
            {
                if (page.Count == jobsMax || bytes >= ReadBytesMax)
                    return page;
                page.Add((new JobLocation(_id, lane.Number, job.Sequence), job.Record));
                bytes += job.Record.Bytes.Length;
            }
        }
        return page;
    }

    /// <summary>The job, or null when it is not queued here any more.</summary>
    internal JobRecord? Find(byte lane, ulong sequence) => LaneIfAny(lane)?.Find(sequence);

    /// <summary>Deletes one job; false when it is not queued here any more.</summary>
    internal bool Delete(byte lane, ulong sequence)
    {
        if (LaneIfAny(lane)?.Delete(sequence) is not true)
            return false;
        Count--;
        return true;
    }

    internal void Return(JobLocation location, JobRecord job)
    {
        LaneAt(location.Lane).Return(location.Sequence, job);
        Count++;
    }

    /// <summary>How long its oldest job has been waiting, in 100 ns; 0 when it is empty.</summary>
    internal long Latency(long now)
    {
        var oldest = now;
        foreach (var lane in _lanes)
        {
            if (lane is { Count: > 0 })
                oldest = Math.Min(oldest, lane.OldestEnqueuedAt);
        }
        return now - oldest;
    }

    /// <summary>Gives the name a number, and so a place on disk.</summary>
    internal void Establish(uint id)
    {
        _id = id;
        Store();
    }

    internal void SetPause(QueuePause? pause)
    {
        Pause = pause;
        Store();
    }

    /// <summary>Deletes its jobs, its name and its pause. Jobs at work keep their reservation.</summary>
    internal void Remove()
    {
        Span<byte> key = stackalloc byte[Keys.LaneMetaLength];
        foreach (var lane in _lanes)
        {
            if (lane is null)
                continue;
            lane.Clear();
            context.Store.Batch.Delete(Keys.LaneMeta(_id, lane.Number, key));
        }
        context.Store.Batch.Delete(Keys.QueueName(name));
        Reset();
    }

    /// <summary>Nothing of it is stored any more, and nothing more will be.</summary>
    internal void Reset()
    {
        foreach (var lane in _lanes)
            lane?.Forget();
        Array.Clear(_lanes);
        (_id, Count, Pause) = (0, 0, null);
    }

    internal void Read(ReadOnlySpan<byte> stored)
    {
        (_id, Pause) = QueueRecord.Read(stored);
    }

    internal void ReadLane(byte number, ReadOnlySpan<byte> meta)
    {
        LaneAt(number).Read(meta);
        Count += LaneAt(number).Count;
    }

    void Store() => context.Store.Batch.Put(Keys.QueueName(name), new QueueRecord(_id, Pause).Write());

    Lane? LaneIfAny(byte number) => number <= Lanes ? _lanes[number] : null;

    Lane LaneAt(byte number) => _lanes[number] ??= new Lane(context, _id, number);
}
