using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Faktory.Server.Transport;

/// <summary>
/// What is sent on a socket. One writer, which sends by itself when it flushes; the rest of what the socket does not take at once is sent
/// when it has room again. It has a buffer only while something is unsent.
/// </summary>
sealed class LoopWriter(SafeSocketHandle socket) : PipeWriter, IValueTaskSource<FlushResult>
{
    const int BufferBytesMin = 1024;

    readonly object _gate = new();
    ManualResetValueTaskSourceCore<FlushResult> _waiting = new() { RunContinuationsAsynchronously = true };
    byte[] _buffer = [];
    int _sent, _end;
    bool _isWaiting;
    bool _isCanceled;
    bool _isOver;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _sent;

    internal void OnWritable()
    {
        lock (_gate)
        {
            if (!_isWaiting || !TrySend())
                return;
            _isWaiting = false;
        }
        _waiting.SetResult(new FlushResult(isCanceled: false, _isOver));
    }

    /// <summary>Nothing more is sent.</summary>
    internal void Abort()
    {
        lock (_gate)
        {
            _isOver = true;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        _waiting.SetResult(new FlushResult(isCanceled: false, isCompleted: true));
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _end);
        _end += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (TrySend() || _isCanceled)
            {
                var isCanceled = _isCanceled;
                _isCanceled = false;
                return new(new FlushResult(isCanceled, _isOver));
            }
            _waiting.Reset();
            _isWaiting = true;
            return new(this, _waiting.Version);
        }
    }

    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            _isCanceled = !_isWaiting;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        _waiting.SetResult(new FlushResult(isCanceled: true, _isOver));
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            if (!_isOver)
                TrySend();
            _isOver = true;
            ReturnBuffer();
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);

    // False when the socket is full. Under the gate, so that room made meanwhile is not missed.
    bool TrySend()
    {
        while (_sent < _end && !_isOver)
        {
            var length = Epoll.Send(socket, _buffer.AsSpan(_sent, _end - _sent));
            if (length >= 0)
                _sent += length;
            else if (Marshal.GetLastPInvokeError() == Epoll.TryAgain)
                return false;
            else if (Marshal.GetLastPInvokeError() != Epoll.Interrupted)
                _isOver = true;
        }
        ReturnBuffer();
        return true;
    }

    void MakeRoom(int sizeHint)
    {
        if (_buffer.Length - _end >= Math.Max(sizeHint, 1))
            return;
        var unsent = _end - _sent;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(BufferBytesMin, (unsent * 2) + sizeHint));
        _buffer.AsSpan(_sent, unsent).CopyTo(larger);
        ReturnBuffer();
        (_buffer, _end) = (larger, unsent);
    }

    void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _sent = _end = 0;
    }
}
