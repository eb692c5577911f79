using System.Collections.Concurrent;
using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Microsoft.Win32.SafeHandles;

namespace Faktory.Server.Transport;

/// <summary>
/// The thread that reads from all connections. It waits for any of them, reads all that have something to say, and has the engine execute
/// what they said together: one wake-up and one write for many clients. It also sends the answers, whoever has them.
/// </summary>
sealed class EventLoop : IAnswerSender, IDisposable
{
    const int EventsMax = 256;
    const long BellId = 0;

    // A promise waits for others to join it, but not for clients that always have something to say.
    const int RoundsBeforeSettling = 4;

    readonly ConcurrentDictionary<long, LoopConnection> _connections = [];
    readonly SafeFileHandle _epoll = Epoll.Create();
    readonly SafeFileHandle _bell = Epoll.CreateBell();
    readonly Func<EngineLoop?> _engine;
    readonly object _gate = new();
    readonly Thread _thread;
    List<List<Command>> _answered = [];
    List<List<Command>> _sending = [];
    // Whether the thread looks at _answered before it waits again.
    bool _isAwake = true;
    long _lastId = BellId;
    volatile bool _isStopping;

    internal EventLoop(Func<EngineLoop?> engine)
    {
        _engine = engine;
        Epoll.Watch(_epoll, _bell, Epoll.In | Epoll.EdgeTriggered, BellId);
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

    public bool IsHere => Thread.CurrentThread == _thread;

    public void Send(List<Command> answered)
    {
        if (IsHere)
        {
            Release(answered);
            return;
        }
        lock (_gate)
        {
            if (!_isStopping)
            {
                _answered.Add(answered);
                if (_isAwake)
                    return;
                _isAwake = true;
                Epoll.Ring(_bell);
                return;
            }
        }
        PoolSender.Instance.Send(answered);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Epoll.Ring(_bell);
        }
        _thread.Join();
        SendAnswered();
        _epoll.Dispose();
        _bell.Dispose();
    }

    void Run()
    {
        var events = new Epoll.Event[EventsMax];
        var unsettled = 0;
        while (!_isStopping)
        {
            var engine = _engine();
            // Before the disk is asked to keep a promise: whatever else is ready joins it.
            var hasUnsettled = engine is { HasUnsettled: true };
            var count = Epoll.Wait(_epoll, events, mayWait: !hasUnsettled && MayWait());
            // What all of these say is executed together.
            var held = engine is not null && engine.TryHold() ? engine : null;
            unsettled = hasUnsettled ? unsettled + 1 : 0;
            if ((!SendAnswered() && count == 0) || unsettled == RoundsBeforeSettling)
            {
                engine?.Settle();
                unsettled = 0;
            }
            for (var i = 0; i < count; i++)
                if (_connections.TryGetValue(events[i].Id, out var connection))
                    connection.OnEvents(events[i].Events);
            held?.Resume();
        }
    }

    bool MayWait()
    {
        lock (_gate)
            return !(_isAwake = _answered.Count > 0);
    }

    // False when there was nothing to send.
    bool SendAnswered()
    {
        lock (_gate)
        {
            _isAwake = true;
            (_sending, _answered) = (_answered, _sending);
        }
        foreach (var answered in _sending)
            Release(answered);
        var hasSent = _sending.Count > 0;
        _sending.Clear();
        return hasSent;
    }

    static void Release(List<Command> answered)
    {
        foreach (var command in answered)
            command.Release();
    }
}
