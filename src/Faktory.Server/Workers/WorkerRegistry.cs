using Faktory.Server.Scheduling;

namespace Faktory.Server.Workers;

/// <summary>The worker processes that are connected, by wid. Not stored: after a restart they say HELLO again. Belongs to whoever runs the engine.</summary>
sealed class WorkerRegistry
{
    internal static readonly TimeSpan HeartbeatMissedAfter = TimeSpan.FromSeconds(60);

    readonly Dictionary<string, Worker> _workers = [];
    readonly DueHeap<Worker> _byHeartbeat = new();

    internal int Count => _workers.Count;

    internal long Reaped { get; private set; }

    internal IEnumerable<Worker> All => _workers.Values;

    /// <summary>The one whose heartbeat will be missed first.</summary>
    internal Worker? First => _byHeartbeat.First;

    internal Worker? Find(string wid) => _workers.GetValueOrDefault(wid);

    /// <summary>Whether this connection's worker process may still be given jobs: by wid, whichever of its connections asks.</summary>
    internal bool MayWork(Session session) =>
        session.Wid.Length == 0 || Find(session.Wid) is null or { State: WorkerState.Running };

    internal void Join(Session session, long now, long steadyNow)
    {
        if (_workers.TryGetValue(session.Wid, out var worker))
        {
            worker.Sessions.Add(session);
            _byHeartbeat.Move(worker, steadyNow + HeartbeatMissedAfter.Ticks);
            return;
        }
        worker = new Worker(session, now);
        _workers.Add(session.Wid, worker);
        _byHeartbeat.Add(worker, steadyNow + HeartbeatMissedAfter.Ticks);
    }

    internal void Leave(Session session)
    {
        if (_workers.TryGetValue(session.Wid, out var worker) && worker.Sessions.Remove(session) && worker.Sessions.Count == 0)
            Remove(worker);
    }

    internal void Beat(Worker worker, long steadyNow) => _byHeartbeat.Move(worker, steadyNow + HeartbeatMissedAfter.Ticks);

    /// <summary>Its heartbeat stopped: forgets it and closes its connections. Its jobs stay reserved until their time is over.</summary>
    internal void Reap(Worker worker)
    {
        Remove(worker);
        Reaped++;
        foreach (var session in worker.Sessions)
            session.Drop();
    }

    void Remove(Worker worker)
    {
        _workers.Remove(worker.First.Wid);
        _byHeartbeat.Remove(worker);
    }
}
