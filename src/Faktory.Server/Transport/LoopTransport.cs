using System.Net;
using System.Net.Sockets;
using Faktory.Server.Engine;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Faktory.Server.Transport;

/// <summary>Has Kestrel take the connections of one port from an <see cref="EventLoop"/>; for all others it keeps its own sockets. See docs/adr.</summary>
/// <param name="endpoint">The port's, the very object that Kestrel is told to listen on: two may be equal while both say port 0.</param>
/// <param name="resumesInLoop">Whether what waits for data goes on in the loop's thread.</param>
/// <param name="engine">What the clients' commands go to, if it runs.</param>
/// <param name="attach">Is given the loop once it runs: who sends the engine's answers.</param>
/// <param name="clock">For the wait when there is no room for one more connection.</param>
sealed class LoopTransport(EndPoint endpoint, bool resumesInLoop, Func<EngineLoop?> engine, Action<IAnswerSender> attach, TimeProvider clock) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint asked) => ReferenceEquals(asked, endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint asked, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(asked);
            socket.Listen();
            var loop = new EventLoop(engine);
            attach(loop);
            return new(new Listener(socket, resumesInLoop, loop, clock));
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw e.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(e.Message, e) : e;
        }
    }

    sealed class Listener(Socket listening, bool resumesInLoop, EventLoop loop, TimeProvider clock) : IConnectionListener
    {
        static readonly TimeSpan askAgainAfter = TimeSpan.FromMilliseconds(100);

        public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var socket = await listening.AcceptAsync(cancellationToken);
                    if (Open(socket) is { } connection)
                        return connection;
                }
                catch (ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
                {
                    return null;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.TooManyOpenSockets)
                {
                    // Whoever waits is taken when somebody has left; to ask all the time would only take processor time from those.
                    await Task.Delay(askAgainAfter, clock, cancellationToken);
                }
                catch (SocketException)
                {
                    // The client was gone before it was welcomed; the next one.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            listening.Dispose();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            listening.Dispose();
            loop.Dispose();
            return ValueTask.CompletedTask;
        }

        // Null when the client is gone already.
        LoopConnection? Open(Socket socket)
        {
            try
            {
                socket.NoDelay = true;
                var connection = new LoopConnection(loop, socket, resumesInLoop);
                connection.Start();
                return connection;
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                socket.Dispose();
                return null;
            }
        }
    }
}
