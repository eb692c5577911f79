using System.Globalization;
using System.Text;
using Faktory.Server.Connections;
using Faktory.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>GET /metrics: Prometheus text format 0.0.4. Queue names hold no character that would need escaping.</summary>
static class MetricsCall
{
    internal static void Map(WebApplication app, AdminContext admin) => app.MapGet("/metrics", async http =>
    {
        var text = new MetricsText();
        WriteServer(text, admin.State);
        if (await StatsCalls.TakeAsync(admin) is { } stats)
            WriteJobs(text, stats);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    });

    static void WriteServer(MetricsText text, ServerState state)
    {
        text.Write("faktory_ready", "gauge", "Whether commands are served.", state.Readiness == Readiness.Ready ? 1 : 0);
        text.Write("faktory_uptime_seconds", "gauge", "Since the server was started.", (long)state.Traffic.Uptime.TotalSeconds);
        text.Write("faktory_connections", "gauge", "Clients connected.", state.Traffic.Connections);
        text.Write("faktory_connections_max", "gauge", "How many clients may be connected.", state.Limits.ConnectionsMax);
        text.Write("faktory_line_bytes_max", "gauge", "How long a command may be.", state.Limits.LineBytesMax);
        text.Write("faktory_commands_total", "counter", "Commands answered.", state.Traffic.Commands);
        text.Write("faktory_memory_bytes", "gauge", "Resident memory.", Environment.WorkingSet);
    }

    static void WriteJobs(MetricsText text, ServerStats stats)
    {
        text.Write("faktory_jobs_enqueued_total", "counter", "Jobs put into a queue.", stats.TotalEnqueued);
        text.Write("faktory_jobs_processed_total", "counter", "Jobs acknowledged or failed.", stats.TotalProcessed);
        text.Write("faktory_jobs_failed_total", "counter", "Jobs failed or expired.", stats.TotalFailures);
        text.Write("faktory_scheduled_jobs", "gauge", "Jobs for later.", stats.Scheduled);
        text.Write("faktory_retries_jobs", "gauge", "Jobs to be tried again.", stats.Retries);
        text.Write("faktory_dead_jobs", "gauge", "Jobs that failed for good.", stats.Dead);
        text.Write("faktory_working_jobs", "gauge", "Jobs that a worker has.", stats.Working);
        text.Write("faktory_workers", "gauge", "Worker processes connected.", stats.Workers);
        text.Write("faktory_storage_bytes", "gauge", "What the store takes on disk.", stats.StorageBytes);
        if (stats.StorageBytesMax is { } max)
            text.Write("faktory_storage_bytes_max", "gauge", "How much the store may take.", max);
        text.WriteEach("faktory_queue_jobs", "gauge", "Jobs waiting, by queue.", "queue", stats.Queues);
    }

    sealed class MetricsText
    {
        readonly StringBuilder _text = new();

        internal void Write(string name, string type, string help, long value)
        {
            Head(name, type, help);
            _text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }

        internal void WriteEach(string name, string type, string help, string label, IReadOnlyDictionary<string, long> values)
        {
            Head(name, type, help);
            foreach (var (key, value) in values)
                _text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{key}\"}} {value}\n");
        }

        void Head(string name, string type, string help) =>
            _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

        public override string ToString() => _text.ToString();
    }
}
