using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Scheduling;
using Faktory.Server.Tracking;
using Faktory.Server.Workers;

namespace Faktory.Server.Throttling;

/// <summary>
/// Holds jobs back: a queue that has used up what its rule allows looks empty to FETCH, and a job whose type has is put off until its turn.
/// What counts is derived from the reservations, which are on disk: nothing of it has to be stored. Belongs to whoever runs the engine.
/// </summary>
sealed class Throttles(JobEngine engine)
{
    readonly DueHeap<ThrottleLock> _locks = new();
    readonly Dictionary<Reservation, ThrottleLock> _byReservation = [];
    Dictionary<string, QueueThrottle> _queues = [];
    Dictionary<string, TokenBucket> _jobTypes = [];

    bool IsOn => engine.Features.IsOn(Feature.Throttles);

    /// <summary>By queue, as it stands.</summary>
    internal IEnumerable<QueueThrottle> Queues => IsOn ? _queues.Values : [];

    /// <summary>By type of job, as it stands.</summary>
    internal IEnumerable<KeyValuePair<string, TokenBucket>> JobTypes => IsOn ? _jobTypes : [];

    /// <summary>Whether any type of job has a rule.</summary>
    internal bool HasJobTypes => _jobTypes.Count > 0 && IsOn;

    /// <summary>On the steady clock: when there is something to do; <see cref="TimedSet.Never"/> for nothing.</summary>
    internal long NextAt
    {
        get
        {
            var next = _locks.First?.DueAt ?? TimedSet.Never;
            foreach (var throttle in _queues.Values)
                next = Math.Min(next, throttle.TokenAt);
            return next;
        }
    }

    /// <summary>Puts rules in force. Jobs that are at work count at once; what is unchanged keeps its tokens.</summary>
    internal void Follow(ThrottleRules rules)
    {
        var now = engine.SteadyNow;
        _queues = rules.Queues.ToDictionary(r => r.Key, r => new QueueThrottle(r.Key, r.Value, r.Value.Rate is { } rate ? Keep(_queues.GetValueOrDefault(r.Key)?.Bucket, rate, now) : null));
        _jobTypes = rules.JobTypes.ToDictionary(r => r.Key, r => Keep(_jobTypes.GetValueOrDefault(r.Key), r.Value, now));
        _locks.Clear();
        _byReservation.Clear();
        foreach (var reservation in engine.Reservations.All)
        {
            if (engine.Queues.Find(reservation.Location.QueueId) is { } queue && _queues.TryGetValue(queue.Name, out var throttle))
                Lock(throttle, reservation, now + throttle.Rule.Timeout.Ticks - Math.Max(0, engine.Now - reservation.ReservedAt));
        }
        // What an earlier rule held back.
        foreach (var queue in engine.Queues.Known)
            engine.Wake(queue);
    }

    internal bool MayTake(JobQueue queue, string wid) => Find(queue)?.MayTake(wid, engine.SteadyNow) is not false;

    /// <summary>A job has been given out.</summary>
    internal void Take(JobQueue queue, Reservation reservation)
    {
        if (Find(queue) is not { } throttle)
            return;
        var now = engine.SteadyNow;
        throttle.Bucket?.Take(now);
        Lock(throttle, reservation, now + throttle.Rule.Timeout.Ticks);
    }

    /// <summary>
    /// A job that has left its queue. True when it may be worked on now; else it is put off, and comes back into its queue when its turn has come.
    /// Part of a step.
    /// </summary>
    internal bool MayStart(JobRecord job, JobTraits traits)
    {
        if (traits.HasTurn || !HasJobTypes || !_jobTypes.TryGetValue(TypeOf(job), out var bucket))
            return true;
        var now = engine.SteadyNow;
        var wait = bucket.WaitFor(now);
        bucket.Take(now);
        if (wait == 0)
            return true;
        engine.Uses.PutOff++;
        engine.Scheduled.Add(JobRecord.Create(job.Jid, job.ReserveForSeconds, 0, (traits with { HasTurn = true }).Write(), job.Json.Span), engine.Now + wait);
        if (traits.UniqueKey is { } key)
            engine.Locks.Move(key, job.Jid, home: 0);
        // Not in its queue any more: it does not go with it.
        engine.Tracks.Note(traits, job.Jid, TrackedState.Enqueued);
        return false;
    }

    /// <summary>A job is at work no more.</summary>
    internal void Release(Reservation reservation)
    {
        if (_byReservation.Remove(reservation, out var held))
            Release(held);
    }

    /// <summary>A worker's heartbeat has stopped: its jobs count no more.</summary>
    internal void ReleaseWorker(string wid)
    {
        foreach (var held in _byReservation.Values.Where(l => l.Wid == wid).ToArray())
            Release(held.Reservation);
    }

    /// <summary>A worker's last connection has closed: its jobs count as long as a heartbeat may be missing. It may come back.</summary>
    internal void Leave(string wid)
    {
        var until = engine.SteadyNow + WorkerRegistry.HeartbeatMissedAfter.Ticks;
        foreach (var held in _byReservation.Values.Where(l => l.Wid == wid && l.DueAt > until))
            _locks.Move(held, until);
    }

    internal void Clear()
    {
        foreach (var held in _byReservation.Values.ToArray())
            Release(held.Reservation);
    }

    internal void Run()
    {
        var now = engine.SteadyNow;
        while (_locks.First is { } held && held.DueAt <= now)
            Release(held.Reservation);
        foreach (var throttle in _queues.Values.Where(t => t.TokenAt <= now))
        {
            throttle.TokenAt = TimedSet.Never;
            Wake(throttle);
        }
    }

    QueueThrottle? Find(JobQueue queue) => _queues.Count > 0 && IsOn ? _queues.GetValueOrDefault(queue.Name) : null;

    static TokenBucket Keep(TokenBucket? bucket, RateRule rule, long now) => bucket?.Rule == rule ? bucket : new TokenBucket(rule, now);

    static string TypeOf(JobRecord job)
    {
        var json = job.Json.Span;
        var fields = JobFields.Read(json);
        var reader = new System.Text.Json.Utf8JsonReader(json[fields.ValueOf(JobKey.JobType)]);
        reader.Read();
        return JobText.String(ref reader, "jobtype");
    }

    void Lock(QueueThrottle throttle, Reservation reservation, long until)
    {
        var held = new ThrottleLock(throttle, reservation);
        throttle.Add(held.Wid);
        _locks.Add(held, until);
        _byReservation.Add(reservation, held);
    }

    void Release(ThrottleLock held)
    {
        _locks.Remove(held);
        held.Throttle.Remove(held.Wid);
        Wake(held.Throttle);
    }

    void Wake(QueueThrottle throttle)
    {
        if (engine.Queues.Find(throttle.Queue) is { } queue)
            engine.Wake(queue);
    }
}
