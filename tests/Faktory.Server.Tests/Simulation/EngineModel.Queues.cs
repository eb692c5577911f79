namespace Faktory.Server.Tests.Simulation;

// Queues, who waits in them, and workers.
sealed partial class EngineModel
{
    internal void Join(int session)
    {
        if (Steps.Wids[session] is not { Length: > 0 } wid)
            return;
        if (!_workers.TryGetValue(wid, out var worker))
            _workers.Add(wid, worker = new ModelWorker());
        worker.Sessions.Add(session);
        worker.MissedAt = Steady + HeartbeatMissed;
    }

    internal void Leave(int session)
    {
        foreach (var fetch in _waiting.Where(f => f.Session == session).ToArray())
            GiveUp(fetch);
        _given.Remove(session);
        if (_workers.TryGetValue(Steps.Wids[session], out var worker) && worker.Sessions.Remove(session) && worker.Sessions.Count == 0)
            _workers.Remove(Steps.Wids[session]);
        if (Steps.Wids[session] is { Length: > 0 } wid && !_workers.ContainsKey(wid))
            LeaveThrottles(wid);
    }

    /// <summary>The state it answers, or -1 for a worker that is not known, and which of its jobs were cancelled, if it wants to know.</summary>
    internal (int State, string[] Cancelled) Beat(string wid, string state, bool wantsCancelled)
    {
        if (!_workers.TryGetValue(wid, out var worker))
            return (-1, []);
        worker.MissedAt = Steady + HeartbeatMissed;
        worker.State = Math.Max(worker.State, Array.IndexOf(["", "quiet", "terminate"], state));
        var cancelled = wantsCancelled ? worker.Cancelled.ToArray() : [];
        if (wantsCancelled)
            worker.Cancelled.Clear();
        return (worker.State, cancelled);
    }

    /// <summary>The job is deleted, wherever it is but among the dead. False when there is none.</summary>
    internal bool Cancel(string jid)
    {
        if (_reservations.FirstOrDefault(r => r.Job.Jid == jid) is { } running)
        {
            if (_workers.TryGetValue(running.Wid, out var worker))
                worker.Cancelled.Add(jid);
            Remove(running);
            Release(running.Job, "unknown");
        }
        else if ((Scheduled.TakeFirst(jid) ?? Retries.TakeFirst(jid) ?? TakeQueued(jid)) is { } waiting)
        {
            Release(waiting, "unknown");
        }
        else
        {
            return false;
        }
        ServeWoken();
        return true;
    }

    ModelJob? TakeQueued(string jid)
    {
        foreach (var queue in Queues)
        {
            foreach (var (place, job) in queue.Jobs.Where(j => j.Value.Jid == jid))
            {
                queue.Jobs.Remove(place);
                return job;
            }
        }
        return null;
    }

    void ResumeQueues()
    {
        foreach (var queue in Queues.Where(q => q is { IsPaused: true, PausedUntil: { } until } && until <= Now).ToArray())
        {
            (queue.IsPaused, queue.PausedUntil) = (false, null);
            Wake(queue);
        }
    }

    bool MayWork(int session) => !_workers.TryGetValue(Steps.Wids[session], out var worker) || worker.State == 0;

    void Enqueue(ModelJob job)
    {
        job = EndDebounce(job);
        var queue = GetOrCreate(job.Queue);
        Append(queue, job);
        Note(job, "enqueued");
        Wake(queue);
    }

    void Append(ModelQueue queue, ModelJob job) => queue.Jobs.Add(new ModelPlace(queue.Id, job.Lane, ++_sequence), job);

    void Wake(ModelQueue queue)
    {
        if (queue.Waiting.Count > 0)
            _woken.Add(queue);
    }

    void ServeWoken()
    {
        // Giving one may wake another queue: that of a callback.
        for (var i = 0; i < _woken.Count; i++)
        {
            var queue = _woken[i];
            foreach (var fetch in queue.Waiting.ToArray())
            {
                if (queue is not { IsPaused: false, Jobs.Count: > 0 } || !MayWork(fetch.Session) || Dropped.Contains(fetch.Session))
                    continue;
                if (TryGive(fetch.Session, queue))
                    StopWaiting(fetch);
            }
        }
        _woken.Clear();
    }

    void GiveUp(ModelFetch fetch)
    {
        StopWaiting(fetch);
        Fetched.Add(fetch.Session, null);
    }

    void StopWaiting(ModelFetch fetch)
    {
        _waiting.Remove(fetch);
        foreach (var queue in fetch.Queues.Select(GetForWaiting))
        {
            queue.Waiting.Remove(fetch);
            ForgetUnused(queue);
        }
    }

    ModelQueue? Find(string name) => _queues.GetValueOrDefault(name) is { Id: > 0 } queue ? queue : null;

    ModelQueue GetForWaiting(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues.Add(name, queue = new ModelQueue(name));
        return queue;
    }

    ModelQueue GetOrCreate(string name)
    {
        var queue = GetForWaiting(name);
        if (queue.Id == 0)
            queue.Id = ++_queueId;
        return queue;
    }

    void Forget(ModelQueue queue)
    {
        (queue.Id, queue.IsPaused, queue.PausedUntil) = (0, false, null);
        queue.Jobs.Clear();
        ForgetUnused(queue);
    }

    void ForgetUnused(ModelQueue queue)
    {
        if (queue is { Id: 0, Waiting.Count: 0 })
            _queues.Remove(queue.Name);
    }
}
