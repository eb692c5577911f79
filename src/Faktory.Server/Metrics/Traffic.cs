namespace Faktory.Server.Metrics;

/// <summary>Counts what passes through the connections. Any thread.</summary>
sealed class Traffic(TimeProvider clock)
{
    readonly long _startedAt = clock.GetTimestamp();
    long _commands;
    long _receivedBytes;
    long _sentBytes;
    int _connections;
    int _clients;

    internal TimeSpan Uptime => clock.GetElapsedTime(_startedAt);

    internal long Commands => Interlocked.Read(ref _commands);

    internal long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    internal long SentBytes => Interlocked.Read(ref _sentBytes);

    internal void CountReceived(long bytes) => Interlocked.Add(ref _receivedBytes, bytes);

    internal void CountSent(long bytes) => Interlocked.Add(ref _sentBytes, bytes);

    internal int Connections => Volatile.Read(ref _connections);

    internal void CountCommands(int count) => Interlocked.Add(ref _commands, count);

    internal void Opened() => Interlocked.Increment(ref _connections);

    internal void Closed() => Interlocked.Decrement(ref _connections);

    /// <summary>A client has said who it is. Returns how many such there are now, this one included.</summary>
    internal int Entered() => Interlocked.Increment(ref _clients);

    internal void Left() => Interlocked.Decrement(ref _clients);
}
