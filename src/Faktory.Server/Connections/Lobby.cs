using Microsoft.AspNetCore.Connections;

namespace Faktory.Server.Connections;

/// <summary>
/// Connections that have not said a valid HELLO yet, TLS handshakes included. There is room for so many; when one more comes, the one
/// that has dawdled longest is hung up on. So those who only hold connections open cannot keep out those who say who they are. Any thread.
/// </summary>
sealed class Lobby
{
    readonly object _gate = new();
    readonly LinkedList<ConnectionContext> _waiting = [];

    internal LinkedListNode<ConnectionContext> Enter(ConnectionContext connection, int connectionsMax)
    {
        LinkedListNode<ConnectionContext> place;
        ConnectionContext? slowest = null;
        lock (_gate)
        {
            place = _waiting.AddLast(connection);
            if (_waiting.Count > connectionsMax)
            {
                slowest = _waiting.First!.Value;
                _waiting.RemoveFirst();
            }
        }
        slowest?.Abort();
        return place;
    }

    /// <summary>It has said HELLO, or is gone. Nothing happens when it has left already.</summary>
    internal void Leave(LinkedListNode<ConnectionContext> place)
    {
        lock (_gate)
        {
            if (place.List is not null)
                _waiting.Remove(place);
        }
    }
}
