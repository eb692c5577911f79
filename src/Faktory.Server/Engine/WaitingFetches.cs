using Faktory.Server.Commands;
using Faktory.Server.Protocol;
using Faktory.Server.Queues;

namespace Faktory.Server.Engine;

/// <summary>The FETCHes that wait for a job, and the queues in which one may have come. Belongs to whoever runs the engine.</summary>
sealed class WaitingFetches(JobEngine engine)
{
    readonly List<JobQueue> _woken = [];
    readonly Queue<Fetch> _waiting = [];

    internal IEnumerable<Fetch> All => _waiting.Where(f => f.IsWaiting);

    internal int Count => All.Count();

    /// <summary>The one that has waited longest, or null. Those that ended meanwhile are dropped on the way.</summary>
    internal Fetch? Longest
    {
        get
        {
            while (_waiting.TryPeek(out var fetch) && !fetch.IsWaiting)
                _waiting.Dequeue();
            return _waiting.TryPeek(out var first) ? first : null;
        }
    }

    internal void Add(Fetch fetch)
    {
        fetch.WaitIn(fetch.Queues.Select(engine.Queues.GetForWaiting), engine.SteadyNow + engine.Limits.FetchWaitFor.Ticks);
        _waiting.Enqueue(fetch);
    }

    /// <summary>Ends the wait without a job; nothing happens when it has ended already.</summary>
    internal void GiveUp(Fetch fetch)
    {
        if (!fetch.IsWaiting)
            return;
        fetch.StopWaiting(engine.Queues);
        engine.Answer(fetch, Reply.Null);
    }

    /// <summary>Sends all away, because the engine is about to stop.</summary>
    internal void GiveUpAll()
    {
        while (Longest is { } fetch)
            GiveUp(fetch);
    }

    /// <summary>Marks a queue for <see cref="Serve"/>.</summary>
    internal void Wake(JobQueue queue)
    {
        if (queue.Waiting.Count > 0)
            _woken.Add(queue);
    }

    /// <summary>Gives out what has come. Each one served is a step of its own, because taking a job may read the store.</summary>
    internal void Serve()
    {
        // Giving one may wake another queue: that of a callback.
        for (var i = 0; i < _woken.Count; i++)
        {
            var queue = _woken[i];
            for (var node = queue.Waiting.First; node is not null && queue is { IsPaused: false, Count: > 0 };)
            {
                var fetch = node.Value;
                node = node.Next;
                if (engine.MayBeGiven(fetch) && engine.Give(fetch, queue))
                    fetch.StopWaiting(engine.Queues);
            }
        }
        _woken.Clear();
    }
}
