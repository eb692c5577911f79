using System.Globalization;
using Faktory.Server.Config;

namespace Faktory.Server.Engine;

/// <summary>When what was written reaches the disk.</summary>
/// <param name="Interval">
/// Zero: before any promise is given (<c>sync</c>). Otherwise the longest time after a promise (<c>interval</c>): a crash of the
/// machine loses what was promised in that time; the end of the process loses nothing in either mode.
/// </param>
readonly record struct Durability(TimeSpan Interval)
{
    internal const int IntervalMillisecondsMin = 1, IntervalMillisecondsMax = 60_000, IntervalMillisecondsDefault = 1000;

    internal static Durability Sync => default;

    /// <summary><c>sync</c>, <c>interval</c> (a second) or <c>interval:N</c> with N in milliseconds.</summary>
    /// <exception cref="ConfigurationException">It is none of these.</exception>
    internal static Durability Parse(string text)
    {
        if (text == "sync")
            return Sync;
        var milliseconds = IntervalMillisecondsDefault;
        if (text != "interval"
            && !(text.StartsWith("interval:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan("interval:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds)
                && milliseconds is >= IntervalMillisecondsMin and <= IntervalMillisecondsMax))
            throw new ConfigurationException($"durability is \"{text}\": it must be sync, interval, or interval:N with N from {IntervalMillisecondsMin} to {IntervalMillisecondsMax} milliseconds");
        return new Durability(TimeSpan.FromMilliseconds(milliseconds));
    }

    internal bool IsSync => Interval == TimeSpan.Zero;
}
