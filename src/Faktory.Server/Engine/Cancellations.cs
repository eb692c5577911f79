using Faktory.Server.Commands;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// Takes back jobs by jid. There is no index of those that wait: they are looked for in parts, between which others have their turn. Jobs only move
/// from the sets into their queue and out of it, so looking in that order, and at what is fetched meanwhile, misses none. Belongs to whoever runs the engine.
/// </summary>
sealed class Cancellations(JobEngine engine)
{
    internal const int SearchesMax = 100;

    const int PartMax = 500;

    readonly List<Search> _searches = [];

    internal bool IsSearching => _searches.Count > 0;

    internal void Begin(Cancel command)
    {
        if (engine.Reservations.Find(command.Jid, "") is { } running)
        {
            var traits = running.Traits;
            engine.Workers.Find(running.Wid)?.Tell(running.Jid);
            engine.Reservations.Remove(running);
            engine.DeleteJob(running);
            engine.Removals.Release(traits, running.Jid);
            engine.Uses.Cancelled++;
            engine.AnswerWhenSynced(command, Reply.Ok);
        }
        else if (_searches.Count == SearchesMax)
        {
            engine.Answer(command, Reply.Error($"{SearchesMax} jobs are being looked for already: try again in a moment"));
        }
        else
        {
            _searches.Add(new Search(command, [.. engine.Queues.Known.Select(q => q.Name)]));
        }
    }

    /// <summary>A part of each search.</summary>
    internal void Run()
    {
        foreach (var search in _searches.ToArray())
        {
            var isFound = search.Set < 2 ? LookInSet(search, search.Set == 0 ? engine.Scheduled : engine.Retries) : LookInQueue(search);
            if (isFound)
            {
                engine.Uses.Cancelled++;
                End(search, Reply.Ok);
            }
            else if (search.Set == 2 && search.Queue == search.Queues.Length)
                End(search, Reply.Error("Job not found ", search.Command.Jid));
        }
    }

    /// <summary>Somebody is about to be given this job. True when it is one of those looked for, which is gone now. Part of a step.</summary>
    internal bool TakesAway(JobRecord job, JobTraits traits, JobLocation location)
    {
        var wanted = _searches.FindAll(s => job.Jid.SequenceEqual(s.Command.Jid));
        if (wanted.Count == 0)
            return false;
        engine.Store.DeleteJob(location);
        engine.Removals.Release(traits, job.Jid);
        engine.Uses.Cancelled++;
        foreach (var search in wanted)
            End(search, Reply.Ok);
        return true;
    }

    void End(Search search, Reply reply)
    {
        _searches.Remove(search);
        engine.AnswerWhenSynced(search.Command, reply);
    }

    bool LookInSet(Search search, TimedSet set)
    {
        var part = set.Read(search.After, isBackward: false, PartMax);
        foreach (var (key, record) in part)
        {
            search.After = key;
            if (!record.Jid.SequenceEqual(search.Command.Jid) || set.Take(key) is not { } job)
                continue;
            engine.Removals.Release(job);
            return true;
        }
        if (part.Count == 0)
            (search.Set, search.After) = (search.Set + 1, null);
        return false;
    }

    bool LookInQueue(Search search)
    {
        if (search.Queue == search.Queues.Length)
            return false;
        var queue = engine.Queues.Find(search.Queues[search.Queue]);
        var part = queue?.Read(search.Lane, search.Sequence, PartMax) ?? [];
        foreach (var (at, record) in part)
        {
            (search.Lane, search.Sequence) = (at.Lane, at.Sequence + 1);
            if (record.Jid.SequenceEqual(search.Command.Jid) && engine.Removals.DeleteQueued(queue!, at.Lane, at.Sequence))
                return true;
        }
        if (part.Count == 0)
            (search.Queue, search.Lane, search.Sequence) = (search.Queue + 1, 0, 0);
        return false;
    }

    // How far it has come: the scheduled jobs (0), those to be retried (1), then queue by queue (2).
    sealed class Search(Cancel command, string[] queues)
    {
        internal Cancel Command => command;
        internal string[] Queues => queues;
        internal int Set { get; set; }
        internal TimedKey? After { get; set; }
        internal int Queue { get; set; }
        internal byte Lane { get; set; }
        internal ulong Sequence { get; set; }
    }
}
