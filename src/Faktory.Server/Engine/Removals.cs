using Faktory.Server.Jobs;
using Faktory.Server.Queues;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;
using Faktory.Server.Tracking;
using Faktory.Server.Workers;

namespace Faktory.Server.Engine;

/// <summary>How jobs end without being worked on, and what ends with them. Belongs to whoever runs the engine.</summary>
sealed class Removals(JobEngine engine)
{
    /// <summary>The job is done. Part of a step.</summary>
    internal void Succeed(Reservation reservation)
    {
        var traits = reservation.Traits;
        if (traits.IsNone)
            return;
        if (traits.UniqueKey is { } key)
            engine.Locks.Release(key, reservation.Jid);
        engine.Tracks.Note(traits, reservation.Jid, TrackedState.Success);
        engine.Batches.Acknowledge(traits);
    }

    /// <summary>The job is gone, or dead: another one like it may come, and its batch does not wait for it. Part of a step.</summary>
    internal JobTraits Release(JobTraits traits, ReadOnlySpan<byte> jid, TrackedState state = TrackedState.Unknown)
    {
        if (traits.UniqueKey is { } key)
            engine.Locks.Release(key, jid);
        if (traits.DebounceKey is { } waitedFor)
        {
            engine.Debounces.Release(waitedFor, jid);
            traits = traits with { DebounceKey = null };
        }
        engine.Tracks.Note(traits, jid, state);
        return engine.Batches.Drop(traits);
    }

    /// <inheritdoc cref="Release(JobTraits, ReadOnlySpan{byte}, TrackedState)"/>
    internal JobTraits Release(JobRecord job, TrackedState state = TrackedState.Unknown) => Release(JobTraits.Read(job.Traits), job.Jid, state);

    /// <summary>Moves a job into the dead set. Part of a step.</summary>
    internal void Bury(JobRecord job)
    {
        if (job.Traits.Length > 0)
            job = job.With(Release(job, TrackedState.Dead));
        engine.Dead.Add(job, engine.Now + FailurePolicy.DeadFor.Ticks);
    }

    /// <summary>Deletes one queued job; false when it is not queued any more. A step of its own.</summary>
    internal bool DeleteQueued(JobQueue queue, byte lane, ulong sequence)
    {
        if (queue.Find(lane, sequence) is not { } job)
            return false;
        queue.Delete(lane, sequence);
        var traits = JobTraits.Read(job.Traits);
        engine.Unfollow(traits, new JobLocation(queue.Id, lane, sequence));
        Release(traits, job.Jid);
        return true;
    }

    /// <summary>Deletes a queue with its jobs. Those at work go on, and so do their locks.</summary>
    internal void RemoveQueue(JobQueue queue)
    {
        if (engine.Locks.MayHold)
        {
            foreach (var reservation in engine.Reservations.All.Where(r => r.Location.QueueId == queue.Id))
            {
                if (reservation.Traits.UniqueKey is { } key)
                    engine.Locks.Move(key, reservation.Jid, home: 0);
            }
        }
        var id = queue.Id;
        engine.Queues.Remove(queue);
        engine.Batches.DropQueue(id);
    }

    /// <summary>Empties the scheduled, the retried or the dead jobs: those with traits one by one, while there is anything that may hang on them.</summary>
    internal void Clear(TimedSet set)
    {
        if (!(engine.Locks.MayHold || engine.Batches.MayHold || engine.Tracks.MayHold || engine.Debounces.MayHold))
        {
            set.Clear();
            return;
        }
        foreach (var job in set.TakeAll())
            Release(job);
    }

    /// <summary>Drops some of the queued jobs that have expired.</summary>
    internal void DropExpired(int max)
    {
        foreach (var location in engine.Expiry.TakeDue(engine.Now, max))
        {
            if (engine.Queues.Find(location.QueueId) is { } queue && DeleteQueued(queue, location.Lane, location.Sequence))
                engine.Store.Counters.Expired++;
        }
    }

    /// <summary>Empties everything but the workers' registrations.</summary>
    internal void Everything()
    {
        engine.Throttles.Clear();
        engine.Reservations.Clear();
        engine.Queues.Clear();
        engine.Scheduled.Clear();
        engine.Retries.Clear();
        engine.Dead.Clear();
        engine.Locks.Clear();
        engine.Expiry.Clear();
        engine.Batches.Clear();
        engine.Tracks.Clear();
        engine.Debounces.Clear();
        var counters = engine.Store.Counters;
        (counters.Enqueued, counters.Processed, counters.Failures, counters.Expired, counters.Replaced) = (0, 0, 0, 0, 0);
        engine.History.Clear();
    }
}
