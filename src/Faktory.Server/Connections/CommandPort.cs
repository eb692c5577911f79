using System.Net.Sockets;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Faktory.Server.Connections;

/// <summary>The life of each connection to the command port, from accept to close. Any number at the same time.</summary>
sealed class CommandPort(ServerState server)
{
    // As the original's listener.
    const int KeepAliveSeconds = 15;

    readonly Lobby _lobby = new();

    /// <summary>From accept to close, whatever happens in between: <paramref name="next"/> is TLS, where there is any, and then <see cref="ServeAsync(ConnectionContext)"/>.</summary>
    internal async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        KeepAlive(connection);
        server.Opened(connection);
        var place = _lobby.Enter(connection, server.Limits.HandshakesMax);
        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            _lobby.Leave(place);
            server.Closed(connection);
        }
    }

    // A client may say nothing for days; one whose machine is gone must not keep its place for as long.
    static void KeepAlive(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
    }

    internal async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            if (server.Engine is not { } engine || await ClientHandshake.RunAsync(connection, server) is not { } session)
                return;
            _lobby.Leave(connection.Features.GetRequiredFeature<LinkedListNode<ConnectionContext>>());
            await EnterAsync(connection, engine, session);
        }
        catch (OperationCanceledException)
        {
            // No HELLO in time, or dropped by us, for a missed heartbeat for example (ConnectionAbortedException).
        }
        catch (IOException)
        {
            // The client is gone (ConnectionResetException).
        }
        catch (EngineStoppedException)
        {
            // Closing without an answer says what is true: the outcome is unknown.
        }
    }

    async Task EnterAsync(ConnectionContext connection, EngineLoop engine, Session session)
    {
        var clients = server.Traffic.Entered();
        try
        {
            var max = server.Limits.ConnectionsMax;
            var isWelcome = clients <= max;
            var output = connection.Transport.Output;
            (isWelcome ? Reply.Ok : Reply.Error($"too many connections: {clients}, at most {max} are allowed")).WriteTo(output);
            await output.FlushAsync();
            if (isWelcome)
                await ServeAsync(connection, engine, session);
        }
        finally
        {
            server.Traffic.Left();
        }
    }

    async Task ServeAsync(ConnectionContext connection, EngineLoop engine, Session session)
    {
        using var client = new ClientConnection(connection, server, engine, session);
        var isWorker = session.Wid.Length > 0;
        if (isWorker)
            engine.Post(new JoinWorker(session));
        try
        {
            using var closed = connection.ConnectionClosed.Register(client.HangUp);
            using var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(client.Stop);
            await client.RunAsync();
        }
        finally
        {
            session.MarkGone();
            if (isWorker)
                engine.Post(new LeaveWorker(session));
        }
    }
}
