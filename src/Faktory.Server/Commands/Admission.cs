using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>Whether the server has room for one more job. What is there already can always be fetched and acknowledged.</summary>
static class Admission
{
    internal static Refused? Refuse(JobEngine engine, Submission job)
    {
        if (RefuseAsSuch(engine, job) is { } reason)
            return new Refused("ERR", reason);
        if (job.Traits.UniqueKey is not { } key || !engine.Locks.IsHeld(key, engine.Now))
            return null;
        engine.Uses.NotUnique++;
        return new Refused("NOTUNIQUE", "Job not unique");
    }

    static string? RefuseAsSuch(JobEngine engine, Submission job)
    {
        if (engine.IsDraining)
            return "this server is draining and takes no new jobs";
        if (engine.Queues.KnownCount >= engine.Limits.QueuesMax && engine.Queues.Find(job.Queue) is null)
            return $"cannot create queue \"{job.Queue}\": there are {engine.Limits.QueuesMax} queues already, which is the limit";
        if (job.Traits.UniqueKey is not null && engine.Features.Refuse(Feature.Unique) is { } notUnique)
            return notUnique;
        if (job.Traits.ExpiresAt is not null && engine.Features.Refuse(Feature.Expiring) is { } notExpiring)
            return notExpiring;
        if (job.Traits.IsTracked && engine.Features.Refuse(Feature.Tracking) is { } notTracked)
            return notTracked;
        if (job.Window is not null && engine.Features.Refuse(Feature.Debounce) is { } notDebounced)
            return notDebounced;
        // A batch that was begun may be finished, whatever the plan says now.
        if (job.Traits.Bid is { } bid && engine.Batches.Find(bid) is null)
            return BatchCommand.NoSuchBatch(bid);
        return engine.Room.Refuse(engine.Limits);
    }
}

/// <summary>Why a job is not taken.</summary>
/// <param name="Code">The word that clients tell reasons apart by: <c>ERR</c> for most.</param>
/// <param name="Text">For people.</param>
readonly record struct Refused(string Code, string Text)
{
    internal Reply Reply => Reply.Error(Code, Text);

    /// <summary>As it stands beside a jid in the answer of PUSHB.</summary>
    internal string Entry => Code == "ERR" ? Text : $"{Code} {Text}";
}
