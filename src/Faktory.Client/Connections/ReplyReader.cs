using System.IO.Pipelines;
using Faktory.Client.Wire;

namespace Faktory.Client;

/// <summary>
/// Reads replies off a stream. A read is always under way, so a connection that the server closed is known for dead before a
/// command is risked on it. One caller at a time.
/// </summary>
sealed class ReplyReader
{
    readonly PipeReader _pipe;
    readonly int _replyBytesMax;
    Task<ReadResult> _underWay;

    internal ReplyReader(Stream stream, int replyBytesMax)
    {
        _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        _replyBytesMax = replyBytesMax;
        _underWay = _pipe.ReadAsync(CancellationToken.None).AsTask();
    }

    /// <summary>False once bytes came that nobody asked for, or the end of the stream.</summary>
    internal bool IsSilent => !_underWay.IsCompleted;

    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    internal async Task<Reply> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var read = await _underWay.WaitAsync(cancel);
            var buffer = read.Buffer;
            if (ReplyParser.TryRead(ref buffer, _replyBytesMax, out var reply))
            {
                _pipe.AdvanceTo(buffer.Start);
                _underWay = _pipe.ReadAsync(CancellationToken.None).AsTask();
                return reply;
            }

            if (read.IsCompleted)
                throw new EndOfStreamException("the server closed the connection");
            _pipe.AdvanceTo(buffer.Start, buffer.End);
            _underWay = _pipe.ReadAsync(CancellationToken.None).AsTask();
        }
    }

    /// <summary>Waits for the last read to end, after the stream was closed under it.</summary>
    internal async Task DrainAsync()
    {
        await _underWay.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        // Reading the exception marks it as seen.
        _ = _underWay.Exception;
        await _pipe.CompleteAsync();
    }
}
