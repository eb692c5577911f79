using Faktory.Server.Connections;

namespace Faktory.Server.Telemetry;

/// <summary>Sends all metrics somewhere, again and again, until it is disposed. What goes wrong is tried again with the next round.</summary>
sealed class PeriodicExport : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly Task _loop;

    /// <param name="state">Whose metrics.</param>
    /// <param name="every">How long from one round to the next; the first is after this time.</param>
    /// <param name="send">Throws <see cref="IOException"/>, <see cref="System.Net.Sockets.SocketException"/> or a time-out when it could not.</param>
    internal PeriodicExport(ServerState state, TimeSpan every, Func<IReadOnlyList<Metric>, CancellationToken, Task> send) =>
        _loop = RunAsync(state, new PeriodicTimer(every, state.Clock), send, _stop.Token);

    /// <summary>Ends it soon; <see cref="DisposeAsync"/> waits for that.</summary>
    internal void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _loop;
        _stop.Dispose();
    }

    static async Task RunAsync(ServerState state, PeriodicTimer timer, Func<IReadOnlyList<Metric>, CancellationToken, Task> send, CancellationToken stop)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stop))
                    await TrySendAsync(await MetricsSnapshot.TakeAsync(state), send, stop);
            }
            catch (OperationCanceledException)
            {
                // Disposed.
            }
        }
    }

    static async Task TrySendAsync(IReadOnlyList<Metric> metrics, Func<IReadOnlyList<Metric>, CancellationToken, Task> send, CancellationToken stop)
    {
        try
        {
            await send(metrics, stop);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // Whoever listens there will be back, or not: serving jobs must not depend on it.
        }
    }
}
