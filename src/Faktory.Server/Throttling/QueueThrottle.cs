using Faktory.Server.Scheduling;
using Faktory.Server.Workers;

namespace Faktory.Server.Throttling;

/// <summary>A job at work that counts for its queue's throttle. <see cref="DueItem.DueAt"/> is when it counts no more.</summary>
sealed class ThrottleLock(QueueThrottle throttle, Reservation reservation) : DueItem
{
    internal QueueThrottle Throttle => throttle;

    internal Reservation Reservation => reservation;

    internal string Wid => reservation.Wid;
}

/// <summary>How much of a queue's throttle is used. Belongs to whoever runs the engine.</summary>
sealed class QueueThrottle(string queue, QueueRule rule, TokenBucket? bucket)
{
    readonly Dictionary<string, int> _byWorker = [];

    internal string Queue => queue;
    internal QueueRule Rule => rule;
    internal TokenBucket? Bucket => bucket;

    /// <summary>How many of its jobs count at the moment.</summary>
    internal int InUse { get; private set; }

    /// <summary>On the steady clock: when there may be a token for those that wait; <see cref="TimedSet.Never"/> when nobody was refused one.</summary>
    internal long TokenAt { get; set; } = TimedSet.Never;

    /// <summary>How often a job of the queue could have been given out, and there was no room.</summary>
    internal long Waits { get; private set; }

    internal bool MayTake(string wid, long now)
    {
        if (HasRoom(wid, now))
            return true;
        Waits++;
        return false;
    }

    bool HasRoom(string wid, long now)
    {
        if (InUse >= (rule.Concurrency ?? int.MaxValue) || _byWorker.GetValueOrDefault(wid) >= (rule.PerWorker ?? int.MaxValue))
            return false;
        if (bucket?.WaitFor(now) is not (> 0 and var wait))
            return true;
        TokenAt = now + wait;
        return false;
    }

    internal void Add(string wid)
    {
        InUse++;
        _byWorker[wid] = _byWorker.GetValueOrDefault(wid) + 1;
    }

    internal void Remove(string wid)
    {
        InUse--;
        if (--_byWorker[wid] == 0)
            _byWorker.Remove(wid);
    }
}
