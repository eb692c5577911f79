using System.Globalization;

namespace ControlPlane.Bench;

/// <summary>Durations of one thing that was done several times.</summary>
sealed class Timings(string name)
{
    readonly List<TimeSpan> all = [];

    internal string Name => name;

    internal int Count => all.Count;

    internal void Add(TimeSpan duration) => all.Add(duration);

    /// <param name="fraction">0.5 is the median.</param>
    internal double Milliseconds(double fraction)
    {
        var sorted = all.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(fraction * sorted.Count) - 1)].TotalMilliseconds;
    }

    /// <param name="floor">What it is compared with.</param>
    internal string ToRow(Timings floor) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {all.Count} | {Milliseconds(0.5):0} | {Milliseconds(0.95):0} | {Milliseconds(0.99):0} | {Milliseconds(0.5) / floor.Milliseconds(0.5):0.0}x |");
}
