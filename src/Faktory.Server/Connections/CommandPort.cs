using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Faktory.Server.Connections;

/// <summary>The life of each connection to the command port, from accept to close. Any number at the same time.</summary>
sealed class CommandPort(ServerState server)
{
    internal async Task ServeAsync(ConnectionContext connection)
    {
        var open = server.Opened(connection);
        try
        {
            var limits = server.Limits;
            if (server.Engine is { } engine && open <= limits.ConnectionsMax + limits.RefusedMax &&
                await ClientHandshake.RunAsync(connection, server, open) is { } session)
                await ServeAsync(connection, engine, session);
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
        finally
        {
            server.Closed(connection);
        }
    }

    async Task ServeAsync(ConnectionContext connection, EngineLoop engine, Session session)
    {
        var client = new ClientConnection(connection, server, engine, session);
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
