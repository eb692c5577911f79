using Faktory.Server.Scheduling;
using Faktory.Server.Throttling;

namespace Faktory.Server.Tests.Simulation;

// What holds jobs back. The buckets are the engine's own, whose arithmetic has a test of its own.
sealed partial class EngineModel
{
    readonly List<ModelThrottle> _throttles = [];
    readonly DueHeap<ModelLock> _throttleLocks = new();
    readonly List<ModelLock> _locked = [];
    TokenBucket? _typeBucket;

    /// <summary>How many jobs were put off.</summary>
    internal int PutOff { get; private set; }

    /// <summary>How often a queue that had a job looked empty.</summary>
    internal int HeldBack { get; private set; }

    internal void Configure(SimulatedRules rules)
    {
        (DeadJobsMax, Off) = (rules.DeadJobsMax, rules.Off);
        var earlier = _throttles.ToDictionary(t => t.Queue, t => t.Bucket);
        _throttles.Clear();
        _throttles.AddRange(rules.Throttles.Select(t => new ModelThrottle(t.Queue, t.Rule, t.Rule.Rate is { } rate ? Keep(earlier.GetValueOrDefault(t.Queue), rate) : null)));
        _typeBucket = rules.TypeRate is { } typeRate ? Keep(_typeBucket, typeRate) : null;
        _throttleLocks.Clear();
        _locked.Clear();
        foreach (var reservation in _reservations)
        {
            if (Queues.FirstOrDefault(q => q.Id == reservation.Place.QueueId) is { } queue && _throttles.Find(t => t.Queue == queue.Name) is { } throttle)
                Lock(throttle, reservation, Steady + throttle.Rule.Timeout.Ticks - Math.Max(0, Now - reservation.ReservedAt));
        }
        foreach (var queue in Queues)
            Wake(queue);
        FollowCron(rules.Cron);
    }

    ModelThrottle? ThrottleOf(string queue) => Off.Contains("throttles") ? null : _throttles.Find(t => t.Queue == queue);

    bool MayTake(ModelQueue queue, string wid)
    {
        if (ThrottleOf(queue.Name) is not { } throttle)
            return true;
        var mine = _locked.FindAll(l => l.Throttle == throttle);
        var isFull = mine.Count >= throttle.Rule.Concurrency || mine.Count(l => l.Reservation.Wid == wid) >= throttle.Rule.PerWorker;
        var wait = isFull ? 0 : throttle.Bucket?.WaitFor(Steady) ?? 0;
        if (wait > 0)
            throttle.TokenAt = Steady + wait;
        HeldBack += isFull || wait > 0 ? 1 : 0;
        return !isFull && wait == 0;
    }

    void TakeFromThrottle(ModelReservation reservation)
    {
        if (ThrottleOf(reservation.Job.Queue) is not { } throttle)
            return;
        throttle.Bucket?.Take(Steady);
        Lock(throttle, reservation, Steady + throttle.Rule.Timeout.Ticks);
    }

    bool MayStart(ModelJob job)
    {
        if (job.HasTurn || _typeBucket is null || Off.Contains("throttles"))
            return true;
        var wait = _typeBucket.WaitFor(Steady);
        _typeBucket.Take(Steady);
        if (wait == 0)
            return true;
        Scheduled.Add(job with { HasTurn = true }, Now + wait, ++_sequence);
        Note(job, "enqueued");
        PutOff++;
        return false;
    }

    void ReleaseThrottle(ModelReservation reservation)
    {
        if (_locked.Find(l => l.Reservation == reservation) is not { } held)
            return;
        _locked.Remove(held);
        _throttleLocks.Remove(held);
        WakeNamed(held.Throttle.Queue);
    }

    void ReleaseWorker(string wid)
    {
        foreach (var held in _locked.FindAll(l => l.Reservation.Wid == wid))
            ReleaseThrottle(held.Reservation);
    }

    // It may come back: what it had counts as long as a heartbeat may be missing.
    void LeaveThrottles(string wid)
    {
        foreach (var held in _locked.FindAll(l => l.Reservation.Wid == wid && l.DueAt > Steady + HeartbeatMissed))
            _throttleLocks.Move(held, Steady + HeartbeatMissed);
    }

    void RunThrottles()
    {
        while (_throttleLocks.First is { } held && held.DueAt <= Steady)
            ReleaseThrottle(held.Reservation);
        foreach (var throttle in _throttles.FindAll(t => t.TokenAt <= Steady))
        {
            throttle.TokenAt = TimedSet.Never;
            WakeNamed(throttle.Queue);
        }
    }

    void WakeNamed(string name)
    {
        if (Find(name) is { } queue)
            Wake(queue);
    }

    void Lock(ModelThrottle throttle, ModelReservation reservation, long until)
    {
        var held = new ModelLock(throttle, reservation);
        _locked.Add(held);
        _throttleLocks.Add(held, until);
    }

    TokenBucket Keep(TokenBucket? bucket, RateRule rule) => bucket?.Rule == rule ? bucket : new TokenBucket(rule, Steady);
}

sealed class ModelThrottle(string queue, QueueRule rule, TokenBucket? bucket)
{
    internal string Queue => queue;
    internal QueueRule Rule => rule;
    internal TokenBucket? Bucket => bucket;
    internal long TokenAt = TimedSet.Never;
}

/// <summary>A job at work that counts.</summary>
sealed class ModelLock(ModelThrottle throttle, ModelReservation reservation) : DueItem
{
    internal ModelThrottle Throttle => throttle;
    internal ModelReservation Reservation => reservation;
}
