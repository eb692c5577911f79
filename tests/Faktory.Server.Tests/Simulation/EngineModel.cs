using Faktory.Server.Scheduling;

namespace Faktory.Server.Tests.Simulation;

/// <summary>
/// What the engine promises, in lists and dictionaries: no disk, no windows, no batches of writes. Times are in 100 ns; sequences and queue ids count as the
/// engine's do, because they decide what comes first.
/// </summary>
sealed partial class EngineModel(SimulatedClock clock)
{
    const long FetchWait = 2 * TimeSpan.TicksPerSecond;
    const long HeartbeatMissed = 60 * TimeSpan.TicksPerSecond;
    const long DeadFor = 180 * TimeSpan.TicksPerDay;

    readonly SortedDictionary<string, ModelQueue> _queues = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, ModelWorker> _workers = new(StringComparer.Ordinal);
    readonly List<ModelFetch> _waiting = [];
    readonly List<ModelQueue> _woken = [];
    readonly Dictionary<int, ModelReservation> _given = [];
    DueHeap<ModelReservation> _byEnd = new();
    List<ModelReservation> _reservations = [];
    HashSet<ModelPlace> _reservedAtStart = [];
    ulong _sequence;
    uint _queueId;

    internal TimedModel Scheduled { get; } = new();
    internal TimedModel Retries { get; } = new();
    internal TimedModel Dead { get; } = new();
    internal long Processed { get; private set; }
    internal long Failures { get; private set; }
    internal IEnumerable<ModelQueue> Queues => _queues.Values.Where(q => q.Id != 0);
    internal IReadOnlyList<ModelReservation> Reservations => _reservations;
    internal IEnumerable<KeyValuePair<string, ModelWorker>> Workers => _workers;

    /// <summary>Answers of FETCHes that ended, by session, since this was last emptied. Null for no job.</summary>
    internal Dictionary<int, ModelJob?> Fetched { get; } = [];

    /// <summary>Sessions that were hung up on.</summary>
    internal List<int> Dropped { get; } = [];

    /// <summary>How often the first job after a start was taken from a lane in which jobs at work stand behind queued ones.</summary>
    internal int LoadedAroundReserved { get; private set; }

    /// <summary>How often such a queue was removed before anything had been taken from it.</summary>
    internal int RemovedAroundReserved { get; private set; }

    internal bool IsWaiting(int session) => _waiting.Any(f => f.Session == session);

    long Now => clock.GetUtcNow().Ticks;

    long Steady => clock.GetTimestamp();

    /// <summary>Of each job a word of the refusal, or null when it was taken.</summary>
    internal string?[] Push(IEnumerable<JobSpec> specs)
    {
        var refusals = specs.Select(Accept).ToArray();
        ServeWoken();
        return refusals;
    }

    internal void Fetch(int session, string[] names)
    {
        var isGiven = MayWork(session) && names.Select(Find).Any(q => q is { IsPaused: false, Jobs.Count: > 0 } && TryGive(session, q));
        ServeWoken();
        if (isGiven)
            return;
        var fetch = new ModelFetch(session, names, Steady + FetchWait);
        _waiting.Add(fetch);
        foreach (var name in names)
            GetForWaiting(name).Waiting.Add(fetch);
    }

    internal void Ack(int session, string jid)
    {
        if (FindReservation(session, jid) is not { } reservation)
            return;
        Remove(reservation);
        Processed++;
        Succeed(reservation.Job);
        ServeWoken();
    }

    /// <summary>False when there is no such job at work.</summary>
    internal bool Fail(int session, string jid)
    {
        if (FindReservation(session, jid) is not { } reservation)
            return false;
        Fail(reservation);
        ServeWoken();
        return true;
    }

    /// <summary>Its worker gives a job back. False when there is no such job at work.</summary>
    internal bool Requeue(int session, string jid)
    {
        if (FindReservation(session, jid) is not { } reservation)
            return false;
        Return(reservation);
        return true;
    }

    /// <summary>The job last given to the session could not be delivered.</summary>
    internal void GiveBack(int session)
    {
        if (_given.Remove(session, out var reservation) && _reservations.Contains(reservation))
            Return(reservation);
    }

    void Return(ModelReservation reservation)
    {
        Remove(reservation);
        var queue = GetOrCreate(reservation.Job.Queue);
        if (queue.Id == reservation.Place.QueueId)
            queue.Jobs.Add(reservation.Place, reservation.Job);
        else
            Append(queue, reservation.Job);
        Note(reservation.Job, "enqueued");
        Wake(queue);
        ServeWoken();
    }

    internal void ChangeQueues(string verb, string[] names, int? pausedFor)
    {
        var queues = names is ["*"] ? [.. Queues] : names.Select(Find).OfType<ModelQueue>().ToArray();
        foreach (var queue in queues)
        {
            if (verb == "REMOVE")
            {
                RemovedAroundReserved += IsAroundReserved(queue) ? 1 : 0;
                var jobs = queue.Jobs.Values.ToArray();
                Forget(queue);
                Lose(jobs);
            }
            else
            {
                queue.IsPaused = verb == "PAUSE";
                queue.PausedUntil = Now + pausedFor * TimeSpan.TicksPerSecond;
            }
            if (verb == "RESUME")
                Wake(queue);
        }
        ServeWoken();
    }

    internal void Mutate(string operation, string target, string[] jids)
    {
        var set = target switch { "scheduled" => Scheduled, "retries" => Retries, _ => Dead };
        foreach (var job in set.TakeJids(operation == "clear" ? [] : jids))
        {
            if (operation == "kill")
                Bury(job);
            else if (operation == "requeue")
                Enqueue(job);
            else
                Release(job, "unknown");
        }
        ServeWoken();
    }

    internal void Flush()
    {
        foreach (var queue in Queues.ToArray())
            Forget(queue);
        Scheduled.Clear();
        Retries.Clear();
        Dead.Clear();
        _reservations.Clear();
        _reservedAtStart.Clear();
        _byEnd.Clear();
        _locks.Clear();
        _tracks.Clear();
        _batches.Clear();
        _debounced.Clear();
        _throttleLocks.Clear();
        _locked.Clear();
        (Processed, Failures, Expired, Replaced) = (0, 0, 0, 0);
    }

    /// <summary>Connections, workers and waits are gone; what was reserved stays so for what the time of day says is left of it.</summary>
    /// <param name="dice">Where ids begin anew; null when nothing was lost.</param>
    internal void Restart(int? dice)
    {
        if (dice is { } start)
            _dice.Renew(start);
        Fetched.Clear();
        Dropped.Clear();
        _woken.Clear();
        _throttles.Clear();
        _typeBucket = null;
        _workers.Clear();
        _waiting.Clear();
        _given.Clear();
        foreach (var queue in _queues.Values.ToArray())
        {
            queue.Waiting.Clear();
            ForgetUnused(queue);
        }
        _sweepsAt = Steady + SweepEvery;
        _reservations = [.. _reservations.OrderBy(r => r.Place)];
        _reservedAtStart = [.. _reservations.Select(r => r.Place)];
        _byEnd = new DueHeap<ModelReservation>();
        foreach (var reservation in _reservations)
            _byEnd.Add(reservation, Steady + Math.Clamp(reservation.ExpiresAt - Now, 0, TimeSpan.TicksPerDay));
    }

    /// <summary>Everything that is due by now.</summary>
    internal void Tick()
    {
        foreach (var fetch in _waiting.Where(f => f.Until <= Steady).ToArray())
            GiveUp(fetch);
        while (_byEnd.First is { } reservation && reservation.DueAt <= Steady)
            Fail(reservation);
        foreach (var (wid, worker) in _workers.Where(w => w.Value.MissedAt <= Steady).OrderBy(w => w.Value.MissedAt).ToArray())
        {
            _workers.Remove(wid);
            Dropped.AddRange(worker.Sessions.Order());
            ReleaseWorker(wid);
        }
        RunThrottles();
        ResumeQueues();
        foreach (var job in Scheduled.TakeDue(Now))
            Enqueue(job);
        foreach (var job in Retries.TakeDue(Now))
            Enqueue(job);
        foreach (var job in Dead.TakeDue(Now))
            Release(job, "unknown");
        foreach (var job in Dead.TakeAllBut(DeadJobsMax))
            Release(job, "unknown");
        RunCron();
        DropExpired();
        Sweep();
        ServeWoken();
    }

    void Fail(ModelReservation reservation)
    {
        Remove(reservation);
        Processed++;
        Failures++;
        var (job, n) = (reservation.Job with { Failures = reservation.Job.Failures + 1 }, reservation.Job.Failures);
        if (job.Retry == 0)
        {
            Release(job, "failed");
        }
        else if (n >= job.Retry)
        {
            Bury(job);
        }
        else
        {
            job = Execute(job) with { HasTurn = false };
            Note(job, "failed");
            Retries.Add(job, Now + (n * n * n * n + 15 + LoadedDice.Shown * (n + 1)) * TimeSpan.TicksPerSecond, ++_sequence);
        }
    }

    // False when all that was queued had expired or was put off.
    bool TryGive(int session, ModelQueue queue)
    {
        if (!MayTake(queue, Steps.Wids[session]))
            return false;
        while (queue.Jobs.Count > 0)
        {
            var (place, job) = queue.Jobs.MinBy(j => (j.Key.Lane, j.Key.Sequence));
            LoadedAroundReserved += IsAroundReserved(queue) ? 1 : 0;
            _reservedAtStart.RemoveWhere(p => p.QueueId == queue.Id);
            queue.Jobs.Remove(place);
            if (!TryStart(job))
                continue;
            Give(session, job, place);
            return true;
        }
        return false;
    }

    void Give(int session, ModelJob job, ModelPlace place)
    {
        var reservation = new ModelReservation(job, place, Steps.Wids[session], Now, Now + job.ReservedForTicks);
        _reservations.Add(reservation);
        _byEnd.Add(reservation, Steady + job.ReservedForTicks);
        TakeFromThrottle(reservation);
        _given[session] = reservation;
        Fetched.Add(session, job);
    }

    bool IsAroundReserved(ModelQueue queue) => _reservedAtStart.Any(reserved =>
        queue.Jobs.Keys.Any(p => (p.QueueId, p.Lane) == (reserved.QueueId, reserved.Lane) && p.Sequence < reserved.Sequence));

    void Remove(ModelReservation reservation)
    {
        _reservedAtStart.Remove(reservation.Place);
        _reservations.Remove(reservation);
        _byEnd.Remove(reservation);
        ReleaseThrottle(reservation);
    }

    ModelReservation? FindReservation(int session, string jid)
    {
        var wid = Steps.Wids[session];
        var same = _reservations.Where(r => r.Job.Jid == jid).ToArray();
        return same.FirstOrDefault(r => wid.Length > 0 && r.Wid == wid) ?? same.FirstOrDefault();
    }
}
