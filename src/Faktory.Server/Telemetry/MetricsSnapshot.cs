using Faktory.Server.Connections;
using Faktory.Server.Engine;

namespace Faktory.Server.Telemetry;

/// <summary>
/// All metrics of the server at one moment. The one list of them: every format is made of it. There are no instruments of System.Diagnostics.Metrics
/// beside it: nobody could listen to them, in a program of its own that is built without event sources and loads nobody's code.
/// </summary>
static class MetricsSnapshot
{
    /// <summary>Without those of the jobs while no engine runs.</summary>
    internal static async Task<IReadOnlyList<Metric>> TakeAsync(ServerState state)
    {
        var server = OfServer(state);
        try
        {
            return state.Engine is { } engine ? [.. server, .. OfJobs(await engine.CallAsync(EngineFigures.Take))] : server;
        }
        catch (EngineStoppedException)
        {
            return server;
        }
    }

    static Metric[] OfServer(ServerState state) =>
    [
        Metric.Gauge("faktory_ready", "Whether commands are served.", state.Readiness == Readiness.Ready ? 1 : 0),
        Metric.Gauge("faktory_uptime_seconds", "Since the server was started.", (long)state.Traffic.Uptime.TotalSeconds),
        Metric.Gauge("faktory_connections", "Clients connected.", state.Traffic.Connections),
        Metric.Gauge("faktory_connections_max", "How many clients may be connected.", state.Limits.ConnectionsMax),
        Metric.Gauge("faktory_line_bytes_max", "How long a command may be.", state.Limits.LineBytesMax),
        Metric.Counter("faktory_commands_total", "Commands answered.", state.Traffic.Commands),
        Metric.Counter("faktory_received_bytes_total", "Bytes of commands.", state.Traffic.ReceivedBytes),
        Metric.Counter("faktory_sent_bytes_total", "Bytes of answers.", state.Traffic.SentBytes),
        Metric.Gauge("faktory_memory_bytes", "Resident memory.", Environment.WorkingSet),
        Metric.Counter("faktory_gc_collections_total", "Garbage collections of any generation.", GC.CollectionCount(0)),
    ];

    static IEnumerable<Metric> OfJobs(EngineFigures figures)
    {
        var stats = figures.Stats;
        yield return Metric.Counter("faktory_jobs_enqueued_total", "Jobs put into a queue.", stats.TotalEnqueued);
        yield return Metric.Counter("faktory_jobs_processed_total", "Jobs acknowledged or failed.", stats.TotalProcessed);
        yield return Metric.Counter("faktory_jobs_failed_total", "Jobs failed or expired.", stats.TotalFailures);
        yield return Metric.Counter("faktory_jobs_expired_total", "Jobs dropped because their own time was over before a worker fetched them.", stats.TotalExpired);
        yield return Metric.Counter("faktory_jobs_debounced_total", "Jobs that never ran because another one took their place in time.", stats.TotalReplaced);
        yield return Metric.Gauge("faktory_scheduled_jobs", "Jobs for later.", stats.Scheduled);
        yield return Metric.Gauge("faktory_retries_jobs", "Jobs to be tried again.", stats.Retries);
        yield return Metric.Gauge("faktory_dead_jobs", "Jobs that failed for good.", stats.Dead);
        yield return Metric.Gauge("faktory_working_jobs", "Jobs that a worker has.", stats.Working);
        yield return Metric.Gauge("faktory_workers", "Worker processes connected.", stats.Workers);
        yield return Metric.Gauge("faktory_queues_paused", "Queues that are paused.", figures.Paused);
        yield return Metric.ByQueue("faktory_queue_jobs", "Jobs waiting, by queue.", stats.Queues.Select(q => (q.Key, (double)q.Value)));
        yield return Metric.ByQueue("faktory_queue_latency_seconds", "How long the oldest job has been waiting, by queue.", figures.Latencies);
        yield return Metric.Of("faktory_job_latency_seconds", "How long jobs waited in their queue before they were fetched.", figures.Latency);
        yield return Metric.Of("faktory_job_perform_seconds", "How long workers had jobs before they acknowledged or failed them.", figures.Perform);
        yield return Metric.Of("faktory_sync_seconds", "How long it took to make changes durable.", figures.Sync);
        foreach (var metric in figures.Features)
            yield return metric;
        yield return Metric.Gauge("faktory_storage_bytes", "What the store takes on disk.", stats.StorageBytes);
        if (stats.StorageBytesMax is { } max)
            yield return Metric.Gauge("faktory_storage_bytes_max", "How much the store may take.", max);
        foreach (var (name, help, value) in figures.Store)
            yield return Metric.Gauge(name, help, value);
    }
}
