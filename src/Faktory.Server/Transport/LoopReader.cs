using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Transport;

/// <summary>
/// What arrives on a socket. One reader; it has a buffer only while something is unread, so that an idle connection costs none. Nothing is
/// received ahead of the reader: a client that is not read from is held up by its own socket.
/// </summary>
sealed class LoopReader : PipeReader, IValueTaskSource<ReadResult>
{
    const int BufferBytesMin = 4096;
    const int ShownBytesMax = 64 << 10;

    readonly object _gate = new();
    readonly SafeSocketHandle _socket;
    ManualResetValueTaskSourceCore<ReadResult> _waiting;
    CancellationTokenRegistration _patience;
    byte[] _buffer = [];
    int _start, _end, _examined;
    // The socket may have more: edges are told once, so it is asked until it says that it has not.
    bool _isReadable;
    bool _isPeerClosed;
    bool _isWaiting;
    bool _isCanceled;
    bool _isAtEnd;
    Exception? _failure;

    internal LoopReader(SafeSocketHandle socket, bool resumesInLoop)
    {
        _socket = socket;
        _waiting.RunContinuationsAsynchronously = !resumesInLoop;
    }

    internal void OnReadable(bool isPeerClosed)
    {
        ReadResult result;
        lock (_gate)
        {
            _isReadable = true;
            _isPeerClosed |= isPeerClosed;
            if (!_isWaiting || !TryTake(out result))
                return;
            _isWaiting = false;
        }
        Resume(result);
    }

    internal void Abort(Exception reason)
    {
        lock (_gate)
        {
            _failure ??= reason;
            if (!_isWaiting)
                return;
            _isWaiting = false;
        }
        _patience.Unregister();
        // Who aborts is anybody, and not to be kept.
        _waiting.RunContinuationsAsynchronously = true;
        _waiting.SetException(reason);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (TryTake(out var result))
                return _failure is null ? new(result) : ValueTask.FromException<ReadResult>(_failure);
            _waiting.Reset();
            _isWaiting = true;
            var version = _waiting.Version;
            if (cancellationToken.CanBeCanceled)
                _patience = cancellationToken.UnsafeRegister((_, token) => GiveUp(version, token), null);
            return new(this, version);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
            return TryTake(out result) && (_failure is null ? true : throw _failure);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            var given = Unread;
            _examined = _start + (int)given.Slice(given.Start, examined).Length;
            _start += (int)given.Slice(given.Start, consumed).Length;
            if (_start == _end)
                ReturnBuffer();
        }
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            _isCanceled = true;
            if (!_isWaiting || !TryTake(out result))
                return;
            _isWaiting = false;
        }
        Resume(result);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            _failure ??= new InvalidOperationException("Nothing is read any more.");
            ReturnBuffer();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiting.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiting.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiting.OnCompleted(continuation, state, token, flags);

    ReadOnlySequence<byte> Unread => new(_buffer, _start, _end - _start);

    // By whoever has set _isWaiting to false.
    void Resume(in ReadResult result)
    {
        _patience.Unregister();
        if (_failure is { } failure)
            _waiting.SetException(failure);
        else
            _waiting.SetResult(result);
    }

    void GiveUp(short version, CancellationToken token)
    {
        lock (_gate)
        {
            // A later wait is none of this token's business.
            if (!_isWaiting || _waiting.Version != version)
                return;
            _isWaiting = false;
        }
        _waiting.SetException(new OperationCanceledException(token));
    }

    // Whether there is something to tell: unseen bytes, the end, or a failure.
    bool TryTake(out ReadResult result)
    {
        if (_examined == _end && !_isCanceled && !_isAtEnd && _failure is null && _isReadable)
            ReceiveAll();
        result = new ReadResult(Unread, _isCanceled, _isAtEnd);
        var isSomething = _examined < _end || _isCanceled || _isAtEnd || _failure is not null;
        _isCanceled = false;
        return isSomething;
    }

    // Commands that came together are answered together: as many as there are, within reason, are shown at once.
    void ReceiveAll()
    {
        while (Receive() && _end - _start < ShownBytesMax)
        {
        }
    }

    // Whether all the room there was is filled, so that there may be more.
    bool Receive()
    {
        MakeRoom();
        var room = _buffer.AsSpan(_end);
        var length = Epoll.Receive(_socket, room);
        for (; length < 0 && Marshal.GetLastPInvokeError() == Epoll.Interrupted;)
            length = Epoll.Receive(_socket, room);
        if (length > 0)
        {
            _end += length;
            // Less than there was room for is all there was; but the end, which may be behind it, is not told again.
            _isReadable = length == room.Length || _isPeerClosed;
            return length == room.Length;
        }
        if (length == 0)
            _isAtEnd = true;
        else if (Marshal.GetLastPInvokeError() == Epoll.TryAgain)
            _isReadable = false;
        else
            _failure = new ConnectionResetException("The client has reset the connection.");
        if (_start == _end)
            ReturnBuffer();
        return false;
    }

    void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        var unread = _end - _start;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(BufferBytesMin, unread * 2));
        _buffer.AsSpan(_start, unread).CopyTo(larger);
        var (start, examined) = (_start, _examined);
        ReturnBuffer();
        (_buffer, _end, _examined) = (larger, unread, examined - start);
    }

    void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = _examined = 0;
    }
}
