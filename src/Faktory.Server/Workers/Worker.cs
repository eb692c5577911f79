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
    internal Session First => first;

    internal long StartedAt => startedAt;

    internal WorkerState State { get; private set; }

    internal long RssKilobytes { get; set; } = first.RssKilobytes;

    internal HashSet<Session> Sessions { get; } = [first];

    internal void Advance(WorkerState state) => State = state > State ? state : State;
}
