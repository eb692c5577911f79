using System.Buffers;
using System.IO.Pipelines;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Connections;

/// <summary>
/// Serves one client after its HELLO: reads all commands that have arrived, hands them to the engine together, answers them in order.
/// A FETCH ends such a round, because what follows it must not overtake it.
/// </summary>
sealed class ClientConnection(ConnectionContext connection, ServerState server, EngineLoop engine, Session session) : IDisposable
{
    const int FlushAboveBytes = 64 << 10;

    // In a row, of a client whose next commands were always there: after them the thread is other connections'.
    const int RoundsMax = 8;

    // Of the longest that are allowed: as much of one that is too long is read and dropped.
    const int SkippedLinesMax = 4;

    readonly PipeReader _input = connection.Transport.Input;
    readonly PipeWriter _output = connection.Transport.Output;
    readonly List<Command> _round = [];
    readonly TokenBucket _requests = new(server.Clock, TimeSpan.FromSeconds(1));
    long _searched;
    int _rounds;
    bool _isEnding;
    CancellationTokenSource? _skipping;
    volatile bool _isStopping;
    volatile Fetch? _fetch;

    /// <summary>The server is shutting down: finishes what has begun.</summary>
    internal void Stop()
    {
        _isStopping = true;
        CancelFetch();
        _input.CancelPendingRead();
    }

    /// <summary>The client has hung up.</summary>
    internal void HangUp()
    {
        session.MarkGone();
        CancelFetch();
    }

    internal async Task RunAsync()
    {
        try
        {
            while (!_isEnding && await ServeRoundAsync())
            {
            }
            if (_skipping is { } patience && !_isStopping)
                await SkipLineAsync(patience.Token);
        }
        finally
        {
            // A job that nobody is there to receive goes back, and is not hidden until its reservation ends.
            if (_fetch is { } undelivered)
                engine.Post(new WithdrawFetch(undelivered));
        }
    }

    public void Dispose() => _skipping?.Dispose();

    // False when the client has said its last command.
    async Task<bool> ServeRoundAsync()
    {
        var reading = _input.ReadAsync();
        _rounds = reading.IsCompleted ? _rounds + 1 : 0;
        if (_rounds > RoundsMax)
        {
            _rounds = 0;
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        var result = await reading;
        var rest = ReadRound(result.Buffer);
        server.Traffic.CountReceived(result.Buffer.Length - rest.Length);
        var isAllRead = _searched == rest.Length;
        // Commands that stay unread behind a full round are looked at next, without waiting for more to arrive.
        _input.AdvanceTo(rest.Start, isAllRead ? rest.End : rest.Start);
        await AnswerRoundAsync();
        return !(result.IsCompleted && isAllRead);
    }

    // To close on a client that is still sending resets the connection, and takes the answer that says why away from it.
    async Task SkipLineAsync(CancellationToken patience)
    {
        for (var skipped = 0L; skipped < SkippedLinesMax * server.Limits.LineBytesMax;)
        {
            var result = await _input.ReadAsync(patience);
            var isAtEnd = result.IsCompleted || result.IsCanceled || result.Buffer.PositionOf((byte)'\n') is not null;
            skipped += result.Buffer.Length;
            _input.AdvanceTo(result.Buffer.End);
            if (isAtEnd)
                return;
        }
    }

    // Returns what is left of the buffer.
    ReadOnlySequence<byte> ReadRound(ReadOnlySequence<byte> buffer)
    {
        var limits = server.Limits;
        _round.Clear();
        while (_round.Count < limits.PipelinedMax && !_isEnding && LineReader.TryRead(ref buffer, ref _searched, out var line))
        {
            if (_isStopping)
                End(Reply.Error("shutdown in progress"));
            else if (line.Length > limits.LineBytesMax)
                End(TooLong(limits));
            else if (limits.RequestsPerSecondMax is { } max && !_requests.TryTake(max))
                _round.Add(new Refusal(Reply.Error($"too many requests: at most {max} a second on one connection")));
            else if (Add(line) is Fetch)
                return buffer;
        }
        if (_searched > limits.LineBytesMax)
        {
            End(TooLong(limits));
            // Before the answer is out: whoever has read it may count on the time running.
            _skipping = new CancellationTokenSource(limits.SkipFor, server.Clock);
        }
        _isEnding |= _isStopping;
        return buffer;
    }

    Command? Add(in ReadOnlySequence<byte> line)
    {
        var command = Read(line);
        if (command is null)
        {
            _isEnding = true;
            return null;
        }
        _round.Add(command);
        if (command is Fetch fetch)
            _fetch = fetch;
        if (command is not Refusal)
            engine.Post(command);
        // Hung up before _fetch was set, so nobody has cancelled it.
        if (command is Fetch && (session.IsGone || _isStopping))
            CancelFetch();
        return command;
    }

    Command? Read(in ReadOnlySequence<byte> line)
    {
        var now = Rfc3339.ToUnixTicks(server.Clock.GetUtcNow());
        if (line.IsSingleSegment)
            return CommandReader.Read(line.FirstSpan, session, server.Traffic, server.Limits.Jobs, now);
        var rented = ArrayPool<byte>.Shared.Rent((int)line.Length);
        line.CopyTo(rented);
        try
        {
            return CommandReader.Read(rented.AsSpan(0, (int)line.Length), session, server.Traffic, server.Limits.Jobs, now);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    async Task AnswerRoundAsync()
    {
        if (_round.Count == 0)
            return;
        server.Traffic.CountCommands(_round.Count);
        foreach (var command in _round)
        {
            var reply = await command.Answered;
            if (command is Fetch { Given: not null } fetch && session.IsGone)
            {
                // The job was on its way when the client hung up. Never written, so it can go back; what follows is still answered in order.
                engine.Post(new WithdrawFetch(fetch));
                reply = Reply.Null;
            }
            reply.WriteTo(_output);
            // A job is flushed once, at the end: only so is it known whether it was delivered.
            if (_output.UnflushedBytes > FlushAboveBytes && command is not Fetch)
                await FlushAsync();
        }
        var flushed = await FlushAsync();
        if (flushed.IsCompleted)
            _isEnding = true;
        else
            _fetch = null;
    }

    ValueTask<FlushResult> FlushAsync()
    {
        server.Traffic.CountSent(_output.UnflushedBytes);
        return _output.FlushAsync();
    }

    void CancelFetch()
    {
        if (_fetch is { } fetch)
            engine.Post(new CancelFetch(fetch));
    }

    void End(Reply reply)
    {
        _round.Add(new Refusal(reply));
        _isEnding = true;
    }

    internal static Reply TooLong(ServerLimits limits) => Reply.Error($"line too long: at most {limits.LineBytesMax} bytes");
}
