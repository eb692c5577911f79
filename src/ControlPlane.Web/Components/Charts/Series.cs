using ControlPlane.Client;

namespace ControlPlane.Web.Components.Charts;

/// <summary>A value at a moment.</summary>
public readonly record struct ChartPoint(DateTimeOffset At, double Value);

/// <summary>What the samples of an instance draw.</summary>
static class Series
{
    public static List<ChartPoint> Gauge(IReadOnlyList<StatsSample> history, Func<StatsSample, double> value) =>
        [.. history.Select(sample => new ChartPoint(sample.At, value(sample)))];

    /// <summary>The growth of a total per second. A total that falls was counted anew after a restore: that step draws nothing.</summary>
    public static List<ChartPoint> PerSecond(IReadOnlyList<StatsSample> history, Func<StatsSample, long> total)
    {
        var points = new List<ChartPoint>(history.Count);
        for (var i = 1; i < history.Count; i++)
        {
            var seconds = (history[i].At - history[i - 1].At).TotalSeconds;
            var growth = total(history[i]) - total(history[i - 1]);
            if (seconds > 0 && growth >= 0)
                points.Add(new(history[i].At, growth / seconds));
        }
        return points;
    }
}
