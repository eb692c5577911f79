namespace Faktory.Server.Tests.Features;

/// <summary>What a worker saw of jobs and callbacks, in the order in which it happened.</summary>
sealed class BatchLog
{
    readonly Dictionary<string, int> _started = [];
    readonly Dictionary<string, int> _executed = [];
    readonly Dictionary<string, int> _done = [];
    int _now;

    internal IReadOnlyCollection<string> Done => _done.Keys;

    internal bool IsDone(string jid) => _done.ContainsKey(jid);

    /// <summary>It was given out: from now on everything it waits for must be over.</summary>
    internal void Start(string jid) => _started.TryAdd(jid, _now++);

    internal void Fail(string jid) => _executed.TryAdd(jid, _now++);

    internal void Finish(string jid)
    {
        // Of one whose answer was lost with the server nobody saw the start.
        _started.TryAdd(jid, _now);
        _executed.TryAdd(jid, _now);
        _done.Add(jid, _now++);
    }

    internal void ShouldHaveExecutedBefore(string jid, string callback) => _executed[jid].ShouldBeLessThan(_started[callback], $"{jid} is tried before {callback} is given out");

    internal void ShouldHaveFinishedBefore(string jid, string callback) => _done[jid].ShouldBeLessThan(_started[callback], $"{jid} is done before {callback} is given out");
}
