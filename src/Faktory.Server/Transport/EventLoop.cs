using System.Collections.Concurrent;
using Faktory.Server.Engine;
using Microsoft.Win32.SafeHandles;

namespace Faktory.Server.Transport;

/// <summary>
/// The thread that reads from all connections. It waits for any of them, reads all that have something to say, and has the engine execute
/// what they said together: one wake-up and one write for many clients. Answers are sent by whoever has them.
/// </summary>
sealed class EventLoop : IDisposable
{
    const int EventsMax = 256;
    const long BellId = 0;

    readonly ConcurrentDictionary<long, LoopConnection> _connections = [];
    readonly SafeFileHandle _epoll = Epoll.Create();
    readonly SafeFileHandle _bell = Epoll.CreateBell();
    readonly Func<EngineLoop?> _engine;
    readonly Thread _thread;
    long _lastId = BellId;
    volatile bool _isStopping;

    internal EventLoop(Func<EngineLoop?> engine)
    {
        _engine = engine;
        Epoll.Watch(_epoll, _bell, Epoll.In, BellId);
        _thread = new Thread(Run) { Name = "connections", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Tells the connection what happens to its socket, until it is forgotten.</summary>
    /// <exception cref="IOException">The kernel has no memory for it.</exception>
    internal long Add(LoopConnection connection)
    {
        var id = Interlocked.Increment(ref _lastId);
        _connections[id] = connection;
        try
        {
            Epoll.Watch(_epoll, connection.Handle, Epoll.In | Epoll.Out | Epoll.PeerClosed | Epoll.EdgeTriggered, id);
            return id;
        }
        catch
        {
            Forget(id);
            throw;
        }
    }

    internal void Forget(long id) => _connections.TryRemove(id, out _);

    public void Dispose()
    {
        _isStopping = true;
        Epoll.Ring(_bell);
        _thread.Join();
        _epoll.Dispose();
        _bell.Dispose();
    }

    void Run()
    {
        var events = new Epoll.Event[EventsMax];
        while (!_isStopping)
        {
            var count = Epoll.Wait(_epoll, events);
            // For one there is nothing to gather.
            var held = count > 1 && _engine() is { } engine && engine.TryHold() ? engine : null;
            for (var i = 0; i < count; i++)
                if (_connections.TryGetValue(events[i].Id, out var connection))
                    connection.OnEvents(events[i].Events);
            held?.Resume();
        }
    }
}
