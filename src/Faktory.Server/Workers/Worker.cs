using System.Text;
using Faktory.Server.Scheduling;

namespace Faktory.Server.Workers;

/// <summary>Only ever moves down this list.</summary>
enum WorkerState
{
    Running,
    Quiet,
    Terminate,
}

/// <summary>A worker process: all connections that named the same wid. <see cref="DueItem.DueAt"/> is when its heartbeat is missed.</summary>
sealed class Worker(Session first, long startedAt) : DueItem
{
    const int CancelledMax = 1000;

    internal Session First => first;

    internal long StartedAt => startedAt;

    internal WorkerState State { get; private set; }

    internal long RssKilobytes { get; set; } = first.RssKilobytes;

    /// <summary>Jobs of its that were cancelled and of which it has not been told.</summary>
    internal List<string> Cancelled { get; private set; } = [];

    internal HashSet<Session> Sessions { get; } = [first];

    /// <summary>Remembers to tell it that a job was cancelled; of too many that it never asks for, the latest.</summary>
    internal void Tell(byte[] jid)
    {
        if (Cancelled.Count == CancelledMax)
            Cancelled.RemoveAt(0);
        Cancelled.Add(Encoding.UTF8.GetString(jid));
    }

    internal List<string> TakeCancelled()
    {
        var cancelled = Cancelled;
        Cancelled = [];
        return cancelled;
    }

    internal void Advance(WorkerState state) => State = state > State ? state : State;
}
