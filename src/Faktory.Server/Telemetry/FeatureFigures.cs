using Faktory.Server.Batches;
using Faktory.Server.Engine;
using Faktory.Server.Throttling;

namespace Faktory.Server.Telemetry;

/// <summary>What there is to tell of the features, all of one moment.</summary>
static class FeatureFigures
{
    static readonly (BatchPhase Phase, string Name)[] Phases =
        [(BatchPhase.Open, "open"), (BatchPhase.Running, "running"), (BatchPhase.Complete, "complete"), (BatchPhase.Successful, "successful")];

    /// <summary>Runs in the engine.</summary>
    internal static Metric[] Take(JobEngine engine)
    {
        var (uses, throttles) = (engine.Uses, engine.Throttles.Queues.ToArray());
        return
        [
            Metric.Counter("faktory_jobs_not_unique_total", "Jobs refused because there is one like them.", uses.NotUnique),
            Metric.Counter("faktory_jobs_tracked_total", "Jobs taken that are tracked.", uses.Tracked),
            Metric.Counter("faktory_jobs_cancelled_total", "Jobs cancelled, whether they waited or were at work.", uses.Cancelled),
            Metric.Counter("faktory_jobs_given_back_total", "Jobs that their workers gave back (REQUEUE).", uses.GivenBack),
            Metric.Counter("faktory_jobs_put_off_total", "Jobs put off because the rate of their type was used up.", uses.PutOff),
            new("faktory_batches", MetricKind.Gauge, "Batches that can be asked for, by how far they are.", "state", [.. Phases.Select(p => new MetricPoint(engine.Batches.CountIn(p.Phase), p.Name))]),
            ByQueue("faktory_throttle_used", MetricKind.Gauge, "Jobs at work that count for the throttle of their queue.", throttles, t => t.InUse),
            ByQueue("faktory_throttle_max", MetricKind.Gauge, "How many of the queue's jobs may be at work.", throttles.Where(t => t.Rule.Concurrency is not null), t => t.Rule.Concurrency!.Value),
            ByQueue("faktory_throttle_waits_total", MetricKind.Counter, "How often the queue had a job and its throttle no room for it.", throttles, t => t.Waits),
            Metric.Gauge("faktory_cron_entries", "Cron jobs that are configured.", engine.Cron.All.Count),
            Metric.Counter("faktory_cron_runs_total", "Jobs enqueued by the clock or by hand.", uses.CronRuns),
            Metric.Counter("faktory_cron_missed_total", "Times that were over when the server came to them.", uses.CronMissed),
            Metric.Counter("faktory_cron_failed_total", "Runs whose job could not be pushed.", uses.CronFailed),
        ];
    }

    static Metric ByQueue(string name, MetricKind kind, string help, IEnumerable<QueueThrottle> throttles, Func<QueueThrottle, long> value) =>
        new(name, kind, help, "queue", [.. throttles.Select(t => new MetricPoint(value(t), t.Queue))]);
}
