using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Faktory.Server.Transport;

/// <summary>A connection whose socket an <see cref="EventLoop"/> watches. Reading and writing go straight to the socket, without a pipe between.</summary>
sealed class LoopConnection : ConnectionContext, IDuplexPipe, IConnectionSocketFeature
{
    readonly EventLoop _loop;
    readonly Socket _socket;
    readonly LoopReader _reader;
    readonly LoopWriter _writer;
    readonly CancellationTokenSource _closed = new();
    long _id;
    int _isClosed;

    /// <param name="loop">Watches the socket from <see cref="Start"/> on.</param>
    /// <param name="socket">Owned by the connection from now on.</param>
    /// <param name="resumesInLoop">Whether what waits for data goes on in the loop's thread; it must then be quick.</param>
    internal LoopConnection(EventLoop loop, Socket socket, bool resumesInLoop)
    {
        _loop = loop;
        _socket = socket;
        _reader = new LoopReader(socket.SafeHandle, resumesInLoop);
        _writer = new LoopWriter(socket.SafeHandle);
        Transport = this;
        ConnectionClosed = _closed.Token;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        Features.Set<IConnectionSocketFeature>(this);
    }

    internal SafeSocketHandle Handle => _socket.SafeHandle;

    public Socket Socket => _socket;

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public override string ConnectionId { get; set; } = "";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get => field ??= new ConnectionItems(); set; }

    public override IDuplexPipe Transport { get; set; }

    internal void Start() => _id = _loop.Add(this);

    internal void OnEvents(uint events)
    {
        var isOver = (events & (Epoll.PeerClosed | Epoll.HangUp | Epoll.Error)) != 0;
        if ((events & Epoll.Out) != 0 || isOver)
            _writer.OnWritable();
        if ((events & Epoll.In) != 0 || isOver)
            _reader.OnReadable(isOver);
        if (isOver)
            SayClosed();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _reader.Abort(abortReason);
        _writer.Abort();
        SayClosed();
    }

    public override async ValueTask DisposeAsync()
    {
        _loop.Forget(_id);
        SayClosed();
        await _reader.CompleteAsync();
        await _writer.CompleteAsync();
        try
        {
            // Says goodbye even while another process, one that was forked, holds the socket too.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client was faster.
        }
        _socket.Dispose();
        await base.DisposeAsync();
    }

    // On the pool: who listens is not kept from listening by the loop, nor the loop by them.
    void SayClosed()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }
}
