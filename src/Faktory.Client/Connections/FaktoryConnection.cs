using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>
/// One authenticated connection. May be shared by any number of callers: commands wait for their turn, so each gets the reply
/// that is its own. After a timeout, a cancellation or a broken reply the connection is closed, because nobody could tell any
/// more which reply belongs to which command.
/// </summary>
public sealed class FaktoryConnection : IAsyncDisposable
{
    static readonly TimeSpan _farewellWait = TimeSpan.FromSeconds(1);

    readonly FaktoryClientOptions _options;
    readonly Stream _stream;
    readonly ReplyReader _replies;
    readonly SemaphoreSlim _turn = new(1, 1);
    volatile bool _isClosed;

    FaktoryConnection(FaktoryClientOptions options, Stream stream)
    {
        _options = options;
        _stream = stream;
        _replies = new(stream, options.ReplyBytesMax);
    }

    /// <summary>False once the server or a failed command closed the connection.</summary>
    public bool IsUsable => !_isClosed && _replies.IsSilent;

    /// <summary>Dials, secures the line where the URL says so, and says HELLO. Tries once.</summary>
    /// <param name="options">The server.</param>
    /// <param name="worker">Set when jobs are fetched: makes the connection part of a worker process.</param>
    /// <param name="cancel">Gives up dialling.</param>
    /// <exception cref="FaktoryConnectionException">Nobody listens, or the server hung up.</exception>
    /// <exception cref="FaktoryTlsException">No trusted TLS.</exception>
    /// <exception cref="FaktoryAuthenticationException">The password is wrong or missing.</exception>
    /// <exception cref="FaktoryCommandException">The server refuses for another reason: too many connections, shutting down.</exception>
    /// <exception cref="FaktoryProtocolException">It is no Faktory server of protocol version 2.</exception>
    /// <exception cref="FaktoryTimeoutException">It took longer than <see cref="FaktoryClientOptions.ConnectTimeout"/>.</exception>
    public static async Task<FaktoryConnection> OpenAsync(
        FaktoryClientOptions options, FaktoryIdentity? worker = null, CancellationToken cancel = default)
    {
        using var late = new CancellationTokenSource(options.ConnectTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        FaktoryConnection? connection = null;
        try
        {
            connection = new(options, await Dialling.OpenAsync(options, either.Token));
            await connection.GreetAsync(worker, either.Token);
            return connection;
        }
        catch (Exception failure)
        {
            if (connection is not null)
                await connection.CloseAsync();
            cancel.ThrowIfCancellationRequested();
            throw failure switch
            {
                OperationCanceledException => new FaktoryTimeoutException(
                    $"{options.Url} did not greet within {options.ConnectTimeout.TotalSeconds} s; a server with TLS keeps silent to tcp://, use tcp+tls://", failure),
                IOException => new FaktoryConnectionException($"{options.Url} hung up before the connection was open", failure),
                _ => failure,
            };
        }
    }

    /// <summary>Sends a command and waits for its reply.</summary>
    /// <exception cref="FaktoryCommandException">The server answered with an error; the connection stays usable.</exception>
    /// <exception cref="FaktoryException">The connection is closed; <see cref="FaktoryException.IsOutcomeUnknown"/> tells whether the command may have worked.</exception>
    public async Task<T> SendAsync<T>(FaktoryCommand<T> command, CancellationToken cancel = default)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return command.Read(await ExchangeAsync(command.Verb, command.Line, cancel));
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<Reply> ExchangeAsync(string verb, ReadOnlyMemory<byte> line, CancellationToken cancel)
    {
        if (_isClosed)
            throw new FaktoryConnectionException($"the connection to {_options.Url} is closed");
        if (!_replies.IsSilent)
            return await LastWordsAsync(cancel);

        using var late = new CancellationTokenSource(_options.CommandTimeout, _options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await _stream.WriteAsync(line, either.Token);
            return await _replies.ReadAsync(either.Token);
        }
        catch (Exception failure)
        {
            await CloseAsync();
            cancel.ThrowIfCancellationRequested();
            throw failure switch
            {
                OperationCanceledException => new FaktoryTimeoutException(
                    $"{_options.Url} did not answer {verb} within {_options.CommandTimeout.TotalSeconds} s", failure)
                { IsOutcomeUnknown = true },
                IOException or ObjectDisposedException => new FaktoryConnectionException(
                    $"the connection to {_options.Url} was lost during {verb}", failure)
                { IsOutcomeUnknown = true },
                _ => failure,
            };
        }
    }

    // A server that is full or shutting down says so unasked and hangs up: that is the answer to whatever comes next.
    async Task<Reply> LastWordsAsync(CancellationToken cancel)
    {
        try
        {
            var words = await _replies.ReadAsync(cancel);
            return words.Kind == ReplyKind.Error ? words : throw new FaktoryProtocolException($"{_options.Url} sent a reply that nobody asked for");
        }
        catch (IOException gone)
        {
            throw new FaktoryConnectionException($"{_options.Url} closed the connection", gone);
        }
        finally
        {
            await CloseAsync();
        }
    }

    async Task GreetAsync(FaktoryIdentity? worker, CancellationToken cancel)
    {
        var greeting = await _replies.ReadAsync(cancel);
        await _stream.WriteAsync(Handshake.Answer(greeting, _options.Url, worker), cancel);
        var answer = await _replies.ReadAsync(cancel);
        if (answer.Kind == ReplyKind.Error && answer.Text.Contains("password", StringComparison.OrdinalIgnoreCase))
            throw new FaktoryAuthenticationException($"{_options.Url} refused the password");
        _ = new FaktoryCommand<string>("HELLO", default, Replies.Ok, isRepeatable: false).Read(answer);
    }

    async Task CloseAsync()
    {
        _isClosed = true;
        await _stream.DisposeAsync();
        await _replies.DrainAsync();
    }

    /// <summary>Says END and closes. A command under way is waited for up to a second, then cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
            return;
        using var late = new CancellationTokenSource(_farewellWait, _options.Clock);
        var isOurTurn = false;
        try
        {
            await _turn.WaitAsync(late.Token);
            isOurTurn = true;
            await _stream.WriteAsync("END\r\n"u8.ToArray(), late.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Politeness only: a server that is gone or busy needs no goodbye.
        }

        await CloseAsync();
        if (isOurTurn)
            _turn.Release();
    }
}
