using System.Globalization;
using Faktory.Server.Config;
using Faktory.Server.Metrics;

namespace Faktory.Server.Telemetry;

/// <summary>Metrics as statsd takes them, with the names that Faktory Enterprise has; tags as DogStatsD writes them.</summary>
/// <param name="settings">Namespace, tags, and the queues whose latency is wanted.</param>
sealed class StatsdText(StatsdSettings settings)
{
    static readonly Dictionary<string, string> Names = new()
    {
        ["faktory_jobs_enqueued_total"] = "enqueued",
        ["faktory_jobs_processed_total"] = "processed",
        ["faktory_jobs_failed_total"] = "failures",
        ["faktory_jobs_expired_total"] = "jobs.expired",
        ["faktory_jobs_not_unique_total"] = "jobs.not_unique",
        ["faktory_jobs_cancelled_total"] = "jobs.cancelled",
        ["faktory_jobs_given_back_total"] = "jobs.given_back",
        ["faktory_jobs_put_off_total"] = "jobs.put_off",
        ["faktory_batches"] = "batches",
        ["faktory_throttle_used"] = "throttle.used",
        ["faktory_throttle_waits_total"] = "throttle.waits",
        ["faktory_cron_runs_total"] = "cron.runs",
        ["faktory_cron_missed_total"] = "cron.missed",
        ["faktory_cron_failed_total"] = "cron.failed",
        ["faktory_scheduled_jobs"] = "scheduled",
        ["faktory_retries_jobs"] = "retries",
        ["faktory_dead_jobs"] = "dead",
        ["faktory_working_jobs"] = "working",
        ["faktory_workers"] = "workers",
        ["faktory_connections"] = "connections",
        ["faktory_memory_bytes"] = "memory.bytes",
        ["faktory_storage_bytes"] = "storage.bytes",
        ["faktory_queue_jobs"] = "queue.size",
        ["faktory_queue_latency_seconds"] = "queue.latency",
        ["faktory_job_latency_seconds"] = "jobs.latency",
        ["faktory_job_perform_seconds"] = "jobs.perform",
        ["faktory_sync_seconds"] = "storage.sync",
    };

    readonly Dictionary<string, HistogramFigures> _before = [];

    /// <summary>One line a value. Timings are the mean since the last call, with the sample rate that gives their number.</summary>
    internal IEnumerable<string> Lines(IEnumerable<Metric> metrics)
    {
        foreach (var metric in metrics)
        {
            if (!Names.TryGetValue(metric.Name, out var name))
                continue;
            foreach (var point in metric.Points)
            {
                if (point.Histogram is { } figures)
                {
                    if (Timing(name, figures) is { } timing)
                        yield return timing;
                    continue;
                }
                if (name == "queue.latency" && settings.QueueLatency.Count > 0 && !settings.QueueLatency.Contains(point.Label!))
                    continue;
                yield return Line(name, point.Value, "g", point.Label is null ? null : $"{metric.LabelName}:{point.Label}");
            }
        }
    }

    // Waiting is told in seconds, working in milliseconds.
    string? Timing(string name, HistogramFigures figures)
    {
        var before = _before.GetValueOrDefault(name);
        _before[name] = figures;
        // Fewer than before: another store is in use, and counting began anew.
        if (before is null || before.Count > figures.Count)
            before = new HistogramFigures([], [], 0);
        var count = figures.Count - before.Count;
        if (count == 0)
            return null;
        var mean = (figures.Seconds - before.Seconds) / count;
        var rate = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"|@{1.0 / count:0.##########}");
        return Line(name, name == "jobs.latency" ? mean : mean * 1000, "ms" + rate, null);
    }

    string Line(string name, double value, string type, string? tag)
    {
        var tags = tag is null ? settings.Tags : [.. settings.Tags, tag];
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Namespace}{name}:{value:0.######}|{type}{(tags.Count == 0 ? "" : "|#" + string.Join(',', tags))}");
    }
}
