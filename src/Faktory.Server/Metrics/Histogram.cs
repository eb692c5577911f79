namespace Faktory.Server.Metrics;

/// <summary>How often something took how long. Written by one thread or several, read by any.</summary>
/// <param name="bounds">Upper bounds of the buckets in seconds, ascending; what takes longer is counted behind the last.</param>
sealed class Histogram(params double[] bounds)
{
    readonly long[] _counts = new long[bounds.Length + 1];
    long _ticks;

    internal void Observe(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < bounds.Length && took.TotalSeconds > bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, took.Ticks);
    }

    internal HistogramFigures Read() => new(bounds, [.. _counts.Select((_, i) => Interlocked.Read(ref _counts[i]))], TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds);
}

/// <param name="Bounds">Upper bounds in seconds.</param>
/// <param name="Counts">Of each bucket alone, and of what is behind the last.</param>
/// <param name="Seconds">All of it together.</param>
sealed record HistogramFigures(double[] Bounds, long[] Counts, double Seconds)
{
    internal long Count => Counts.Sum();
}
