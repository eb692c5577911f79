using Faktory.Server.Metrics;

namespace Faktory.Server.Telemetry;

enum MetricKind
{
    Gauge,
    Counter,
    Histogram,
}

/// <summary>One of possibly several values of a metric.</summary>
/// <param name="Value">Of a gauge or counter.</param>
/// <param name="Label">What tells it from the others, such as a queue; null when it is the only one.</param>
/// <param name="Histogram">Instead of a value.</param>
readonly record struct MetricPoint(double Value, string? Label = null, HistogramFigures? Histogram = null);

/// <summary>A metric and its values at one moment, in whichever format they will be sent.</summary>
/// <param name="Name">As Prometheus has it: with its unit, and <c>_total</c> for counters.</param>
/// <param name="Kind">A gauge goes up and down, a counter only up until a restart or FLUSH.</param>
/// <param name="Help">A sentence.</param>
/// <param name="LabelName">What <see cref="MetricPoint.Label"/> is; null when there is none.</param>
/// <param name="Points">Its values.</param>
sealed record Metric(string Name, MetricKind Kind, string Help, string? LabelName, IReadOnlyList<MetricPoint> Points)
{
    internal static Metric Gauge(string name, string help, double value) => new(name, MetricKind.Gauge, help, null, [new(value)]);

    internal static Metric Counter(string name, string help, double value) => new(name, MetricKind.Counter, help, null, [new(value)]);

    internal static Metric Of(string name, string help, HistogramFigures figures) => new(name, MetricKind.Histogram, help, null, [new(0, null, figures)]);

    internal static Metric ByQueue(string name, string help, IEnumerable<(string Queue, double Value)> values) =>
        new(name, MetricKind.Gauge, help, "queue", [.. values.Select(v => new MetricPoint(v.Value, v.Queue))]);
}
