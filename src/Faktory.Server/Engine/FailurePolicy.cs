using System.Text.Json;
using Faktory.Server.Jobs;
using Faktory.Server.Tracking;
using Faktory.Server.Workers;

namespace Faktory.Server.Engine;

/// <summary>What becomes of a job that failed: another try later, the dead set, or nothing. Belongs to whoever runs the engine.</summary>
sealed class FailurePolicy(JobEngine engine, Random random)
{
    internal static readonly TimeSpan DeadFor = TimeSpan.FromDays(180);
    internal static readonly FailureReport Expired = new("ReservationExpired", "Faktory job reservation expired", []);

    // delay = n^4 + 15 + random(0..29) * (n + 1) seconds, n = retry_count
    internal static TimeSpan DelayBefore(int retryCount, Random random)
    {
        var n = (double)retryCount;
        return TimeSpan.FromSeconds(Math.Min(n * n * n * n + 15 + random.Next(30) * (n + 1), TimeSpan.FromDays(365).TotalSeconds));
    }

    internal void Fail(Reservation reservation, FailureReport report)
    {
        var job = engine.ReadJob(reservation);
        engine.Reservations.Remove(reservation);
        engine.DeleteJob(reservation);
        engine.Store.Counters.Processed++;
        engine.Store.Counters.Failures++;
        try
        {
            Decide(job, report);
        }
        catch (JsonException)
        {
            // Cannot come from a client, whose jobs are checked. Kept where a person finds it.
            engine.Removals.Bury(job);
        }
    }

    void Decide(JobRecord job, FailureReport report)
    {
        var json = job.Json.Span;
        var fields = JobFields.Read(json);
        var retry = fields.Retry ?? JobFields.DefaultRetry;
        if (retry == 0)
        {
            engine.Removals.Release(job, TrackedState.Failed);
            return;
        }

        var failure = fields.Failure is { } earlier
            ? new JobFailure(earlier.RetryCount + 1, earlier.Remaining - 1)
            : new JobFailure(0, retry);
        var now = engine.Now;
        var isDead = failure.RetryCount >= retry;
        var nextAt = isDead ? (long?)null : now + DelayBefore(failure.RetryCount, random).Ticks;
        var spliced = JobSplice.Apply(json, fields, [new JobEdit(JobKey.Failure, failure.Write(report, now, nextAt))]);
        if (nextAt is not { } at)
        {
            engine.Removals.Bury(JobRecord.Create(job.Jid, job.ReserveForSeconds, 0, job.Traits, spliced));
            return;
        }
        var traits = engine.Batches.Drop(JobTraits.Read(job.Traits)) with { HasTurn = false };
        engine.Retries.Add(JobRecord.Create(job.Jid, job.ReserveForSeconds, 0, traits.Write(), spliced), at);
        engine.Tracks.Note(traits, job.Jid, TrackedState.Failed);
        if (traits.UniqueKey is { } key)
            engine.Locks.Move(key, job.Jid, home: 0);
    }
}
