using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Scheduling;

namespace Faktory.Server.Engine;

/// <summary>What the engine does because time has passed. Belongs to whoever runs the engine.</summary>
sealed class EngineTimers(JobEngine engine)
{
    // What is done at once before commands get their turn again.
    const int JobsMax = 500;

    // The time of day can be set forward: sets ordered by it are looked at this often even when nothing should be due.
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    long _sweepsAt = TimeSpan.TicksPerMinute;

    internal TaskFigures ScheduledFigures { get; } = new();
    internal TaskFigures RetriesFigures { get; } = new();
    internal TaskFigures DeadFigures { get; } = new();

    /// <summary>How many reservations have expired since the start.</summary>
    internal long ExpiredReservations { get; private set; }

    /// <summary>How long nothing will be due; zero when something is.</summary>
    internal TimeSpan IdleFor
    {
        get
        {
            if (engine.IsUnfinished)
                return TimeSpan.Zero;
            var steady = Math.Min(Math.Min(engine.Waiting.Longest?.WaitUntil ?? TimedSet.Never, engine.Throttles.NextAt),
                Math.Min(engine.Reservations.First?.DueAt ?? TimedSet.Never, engine.Workers.First?.DueAt ?? TimedSet.Never));
            var byDay = Math.Min(Math.Min(Math.Min(engine.Dead.NextDueAt, engine.Cron.NextAt), Math.Min(engine.Expiry.NextAt, engine.Queues.NextResumeAt)), Math.Min(engine.Scheduled.NextDueAt, engine.Retries.NextDueAt));
            var idle = steady == TimedSet.Never ? TimeSpan.MaxValue : new TimeSpan(steady - engine.SteadyNow);
            if (byDay != TimedSet.Never)
            {
                var untilDue = new TimeSpan(byDay - engine.Now);
                idle = Min(idle, Min(untilDue, LookAgainAfter));
            }
            return idle < TimeSpan.Zero ? TimeSpan.Zero : idle;
        }
    }

    internal void Run()
    {
        EndWaits();
        ExpireReservations();
        ReapWorkers();
        engine.Throttles.Run();
        ResumeQueues();
        Promote(engine.Scheduled, ScheduledFigures);
        Promote(engine.Retries, RetriesFigures);
        ForgetDead();
        engine.Cron.Run();
        engine.Removals.DropExpired(JobsMax);
        Sweep();
    }

    // Nothing waits for it: done while something else is, at most once a minute.
    void Sweep()
    {
        if (engine.SteadyNow < _sweepsAt)
            return;
        engine.Locks.Sweep(engine.Now);
        engine.Batches.Sweep(engine.Now);
        engine.Tracks.Sweep(engine.Now);
        _sweepsAt = engine.SteadyNow + TimeSpan.TicksPerMinute;
    }

    void EndWaits()
    {
        var now = engine.SteadyNow;
        while (engine.Waiting.Longest is { } fetch && fetch.WaitUntil <= now)
            engine.Waiting.GiveUp(fetch);
    }

    void ExpireReservations()
    {
        var now = engine.SteadyNow;
        for (var i = 0; i < JobsMax && engine.Reservations.First is { } reservation && reservation.DueAt <= now; i++)
        {
            engine.Failures.Fail(reservation, FailurePolicy.Expired);
            ExpiredReservations++;
        }
    }

    void ReapWorkers()
    {
        var now = engine.SteadyNow;
        while (engine.Workers.First is { } worker && worker.DueAt <= now)
        {
            engine.Workers.Reap(worker);
            engine.Throttles.ReleaseWorker(worker.First.Wid);
        }
    }

    void Promote(TimedSet set, TaskFigures figures)
    {
        var now = engine.Now;
        if (set.NextDueAt > now)
            return;
        var began = engine.SteadyNow;
        foreach (var job in set.TakeDue(now, JobsMax))
        {
            Promote(job, now);
            figures.Jobs++;
        }
        figures.Cycles++;
        figures.Time += new TimeSpan(engine.SteadyNow - began);
    }

    /// <summary>Puts a job of a set into its queue. Part of a step.</summary>
    internal void Promote(JobRecord job, long now)
    {
        try
        {
            var requeued = Submission.Requeue(job, now);
            if (requeued.Traits.DebounceKey is { } key)
            {
                engine.Debounces.Release(key, job.Jid);
                requeued = requeued.With(requeued.Traits with { DebounceKey = null });
            }
            engine.Place(requeued);
        }
        catch (JsonException)
        {
            // Cannot come from a client, whose jobs are checked. Kept where a person finds it.
            engine.Removals.Bury(job);
        }
    }

    void ForgetDead()
    {
        // Each is due when it is old enough, so the earliest are the oldest.
        var excess = engine.Limits.DeadJobsMax is { } most ? engine.Dead.Count - most : 0;
        var now = engine.Now;
        if (excess <= 0 && engine.Dead.NextDueAt > now)
            return;
        var forgotten = excess > 0 ? engine.Dead.TakeDue(TimedSet.Never, (int)Math.Min(JobsMax, excess)) : engine.Dead.TakeDue(now, JobsMax);
        foreach (var job in forgotten.Where(j => j.Traits.Length > 0))
            engine.Removals.Release(job);
        DeadFigures.Jobs += forgotten.Count;
        DeadFigures.Cycles++;
    }

    void ResumeQueues()
    {
        var now = engine.Now;
        if (engine.Queues.NextResumeAt > now)
            return;
        foreach (var queue in engine.Queues.ResumeDue(now))
            engine.Wake(queue);
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
