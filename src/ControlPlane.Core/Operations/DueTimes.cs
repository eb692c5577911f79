namespace ControlPlane.Core.Operations;

/// <summary>When the runner's own operations fall due again, so that a wait of 50 ms is not one of a poll. Safe for any number of callers.</summary>
sealed class DueTimes
{
    readonly Lock gate = new();
    readonly PriorityQueue<DateTimeOffset, DateTimeOffset> times = new();

    public void Add(DateTimeOffset at)
    {
        lock (gate)
            times.Enqueue(at, at);
    }

    /// <summary>How long until the next one, at most <paramref name="atMost"/>, at least a millisecond; those that have passed are forgotten.</summary>
    public TimeSpan NextWithin(TimeSpan atMost, DateTimeOffset now)
    {
        lock (gate)
        {
            while (times.TryPeek(out var at, out _) && at <= now)
                times.Dequeue();
            if (!times.TryPeek(out var next, out _) || next - now > atMost)
                return atMost;
            return next - now > TimeSpan.FromMilliseconds(1) ? next - now : TimeSpan.FromMilliseconds(1);
        }
    }
}
