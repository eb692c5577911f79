using System.Text;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Queues;
using Faktory.Server.Workers;

namespace Faktory.Server.Commands;

/// <summary>FETCH queue …: the first job of the first queue that has one, waiting up to 2 s; <c>$-1</c> when none came.</summary>
sealed class Fetch(Session session, string[] queues) : Command
{
    internal const int QueuesMax = 1000;

    readonly List<(JobQueue Queue, LinkedListNode<Fetch> Place)> _places = [];

    internal Session Session => session;

    /// <summary>In order of preference, each once.</summary>
    internal string[] Queues => queues;

    /// <summary>On the engine's steady clock; only while <see cref="IsWaiting"/>.</summary>
    internal long WaitUntil { get; private set; }

    internal bool IsWaiting { get; private set; }

    /// <summary>What it was given. Read by the connection after the answer, to give it back when it could not be delivered.</summary>
    internal Reservation? Given { get; set; }

    // 1*( SP queue )
    internal static Command Read(ReadOnlySpan<byte> argument, Session session)
    {
        var queues = Encoding.UTF8.GetString(argument).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (queues.Length == 0)
            return new Refusal(Reply.Error("must call fetch with at least one queue"));
        // Each name that is waited for takes memory.
        if (queues.Length > QueuesMax)
            return new Refusal(Reply.Error($"FETCH takes at most {QueuesMax} queues"));
        return new Fetch(session, queues.Length == 1 ? queues : queues.Distinct().ToArray());
    }

    internal override void Execute(JobEngine engine)
    {
        if (session.IsGone)
            engine.Answer(this, Reply.Null);
        else if (!engine.TryGive(this))
            engine.Waiting.Add(this);
    }

    internal void WaitIn(IEnumerable<JobQueue> waitedFor, long until)
    {
        IsWaiting = true;
        WaitUntil = until;
        foreach (var queue in waitedFor)
            _places.Add((queue, queue.Waiting.AddLast(this)));
    }

    /// <summary>Leaves all queues it waits in.</summary>
    internal void StopWaiting(QueueTable table)
    {
        IsWaiting = false;
        foreach (var (queue, place) in _places)
        {
            queue.Waiting.Remove(place);
            table.ForgetUnused(queue);
        }
        _places.Clear();
    }
}

/// <summary>The connection of a waiting FETCH has closed.</summary>
sealed class CancelFetch(Fetch fetch) : Command
{
    internal override void Execute(JobEngine engine)
    {
        engine.Waiting.GiveUp(fetch);
        engine.Answer(this, Reply.Ok);
    }
}

/// <summary>The answer of a FETCH could not be delivered: the job in it, if any, goes back.</summary>
sealed class WithdrawFetch(Fetch fetch) : Command
{
    internal override void Execute(JobEngine engine)
    {
        engine.Waiting.GiveUp(fetch);
        if (fetch.Given is { } reservation)
            engine.Return(reservation);
        engine.Answer(this, Reply.Ok);
    }
}
