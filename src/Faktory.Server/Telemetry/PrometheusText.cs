using System.Globalization;
using System.Text;

namespace Faktory.Server.Telemetry;

/// <summary>Prometheus' text format 0.0.4. Names of queues hold no character that would need escaping.</summary>
static class PrometheusText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} {WordOf(metric.Kind)}\n");
            foreach (var point in metric.Points)
            {
                if (point.Histogram is not null)
                    WriteHistogram(text, metric.Name, point.Histogram);
                else
                    text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{(point.Label is null ? "" : $"{{{metric.LabelName}=\"{point.Label}\"}}")} {point.Value}\n");
            }
        }
        return text.ToString();
    }

    static void WriteHistogram(StringBuilder text, string name, Metrics.HistogramFigures figures)
    {
        var count = 0L;
        for (var i = 0; i < figures.Counts.Length; i++)
        {
            count += figures.Counts[i];
            var bound = i < figures.Bounds.Length ? figures.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\"}} {count}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum {figures.Seconds}\n{name}_count {count}\n");
    }

    static string WordOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
