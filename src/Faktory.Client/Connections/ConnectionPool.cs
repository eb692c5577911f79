using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Faktory.Client;

/// <summary>
/// Up to <see cref="FaktoryClientOptions.ConnectionsMax"/> connections, opened when needed, the warmest used first. Any thread
/// may send. A connection that died while idle is replaced unseen; a command that may have reached the server is sent again only
/// when it is repeatable.
/// </summary>
sealed class ConnectionPool(FaktoryClientOptions options, FaktoryIdentity? worker = null) : IAsyncDisposable
{
    static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _places = new(options.ConnectionsMax, options.ConnectionsMax);
    readonly ConcurrentStack<FaktoryConnection> _idle = new();
    volatile bool _isDisposed;

    internal async Task<T> SendAsync<T>(FaktoryCommand<T> command, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await _places.WaitAsync(cancel);
        try
        {
            try
            {
                return await SendOnceAsync(command, cancel);
            }
            catch (FaktoryConnectionException lost) when (command.IsRepeatable || !lost.IsOutcomeUnknown)
            {
                return await SendOnceAsync(command, cancel);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Closes what is idle, so that the next command says HELLO anew.</summary>
    internal async Task CloseIdleAsync()
    {
        while (_idle.TryPop(out var connection))
            await connection.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await CloseIdleAsync();
    }

    async Task<T> SendOnceAsync<T>(FaktoryCommand<T> command, CancellationToken cancel)
    {
        var connection = await TakeAsync(cancel);
        try
        {
            return await connection.SendAsync(command, cancel);
        }
        finally
        {
            if (connection.IsUsable)
                _idle.Push(connection);
            else
                await connection.DisposeAsync();
            if (_isDisposed)
                await CloseIdleAsync();
        }
    }

    async Task<FaktoryConnection> TakeAsync(CancellationToken cancel)
    {
        while (_idle.TryPop(out var connection))
        {
            if (connection.IsUsable)
                return connection;
            await connection.DisposeAsync();
        }

        return await DialAsync(cancel);
    }

    // Dialling again is always safe: nothing was sent yet. Pauses double and are random, so that clients of a restarted server
    // do not come back in step.
    async Task<FaktoryConnection> DialAsync(CancellationToken cancel)
    {
        var began = options.Clock.GetTimestamp();
        for (var pause = _firstPause; ; pause = pause < _longestPause / 2 ? pause * 2 : _longestPause)
        {
            try
            {
                return await FaktoryConnection.OpenAsync(options, worker, cancel);
            }
            catch (FaktoryConnectionException) when (options.Clock.GetElapsedTime(began) + pause < options.ReconnectFor)
            {
                await Task.Delay(pause * (0.5 + RandomNumberGenerator.GetInt32(512) / 1024.0), options.Clock, cancel);
            }
        }
    }
}
