using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Faktory.Server.Metrics;

namespace Faktory.Server.Telemetry;

/// <summary>The body of an OTLP export in JSON: ExportMetricsServiceRequest of opentelemetry-proto, with names as in its JSON mapping.</summary>
static class OtlpJson
{
    const int Cumulative = 2;

    /// <param name="metrics">What is sent.</param>
    /// <param name="service">The name of this server.</param>
    /// <param name="startedAt">When counting began.</param>
    /// <param name="now">When these were taken.</param>
    internal static ReadOnlyMemory<byte> Write(IEnumerable<Metric> metrics, string service, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        StartOne(json, "resourceMetrics");
        json.WriteStartObject("resource");
        WriteAttributes(json, ("service.name", service), ("service.version", ServerVersion.Product));
        json.WriteEndObject();
        StartOne(json, "scopeMetrics");
        json.WriteStartObject("scope");
        json.WriteString("name", "faktory-server");
        json.WriteEndObject();
        json.WriteStartArray("metrics");
        foreach (var metric in metrics)
            WriteMetric(json, metric, Nanoseconds(startedAt), Nanoseconds(now));
        json.WriteEndArray();
        EndOne(json);
        EndOne(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    static void WriteMetric(Utf8JsonWriter json, Metric metric, string startedAt, string now)
    {
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        json.WriteString("description", metric.Help);
        json.WriteStartObject(metric.Kind switch { MetricKind.Gauge => "gauge", MetricKind.Counter => "sum", _ => "histogram" });
        if (metric.Kind != MetricKind.Gauge)
            json.WriteNumber("aggregationTemporality", Cumulative);
        if (metric.Kind == MetricKind.Counter)
            json.WriteBoolean("isMonotonic", true);
        json.WriteStartArray("dataPoints");
        foreach (var point in metric.Points)
        {
            json.WriteStartObject();
            if (point.Label is not null)
                WriteAttributes(json, (metric.LabelName!, point.Label));
            if (metric.Kind != MetricKind.Gauge)
                json.WriteString("startTimeUnixNano", startedAt);
            json.WriteString("timeUnixNano", now);
            if (point.Histogram is { } figures)
                WriteHistogram(json, figures);
            else
                json.WriteNumber("asDouble", point.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteHistogram(Utf8JsonWriter json, HistogramFigures figures)
    {
        json.WriteString("count", figures.Count.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("sum", figures.Seconds);
        json.WriteStartArray("bucketCounts");
        foreach (var count in figures.Counts)
            json.WriteStringValue(count.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        json.WriteStartArray("explicitBounds");
        foreach (var bound in figures.Bounds)
            json.WriteNumberValue(bound);
        json.WriteEndArray();
    }

    static void WriteAttributes(Utf8JsonWriter json, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void StartOne(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
    }

    static void EndOne(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static string Nanoseconds(DateTimeOffset at) => ((at.UtcTicks - DateTime.UnixEpoch.Ticks) * 100).ToString(CultureInfo.InvariantCulture);
}
