namespace Faktory.Server.Metrics;

/// <summary>Counts what passes through the connections. Any thread.</summary>
sealed class Traffic(TimeProvider clock)
{
    readonly long _startedAt = clock.GetTimestamp();
    long _commands;
    int _connections;

    internal TimeSpan Uptime => clock.GetElapsedTime(_startedAt);

    internal long Commands => Interlocked.Read(ref _commands);

    internal int Connections => Volatile.Read(ref _connections);

    internal void CountCommands(int count) => Interlocked.Add(ref _commands, count);

    /// <summary>Returns how many are open now, this one included.</summary>
    internal int Opened() => Interlocked.Increment(ref _connections);

    internal void Closed() => Interlocked.Decrement(ref _connections);
}
