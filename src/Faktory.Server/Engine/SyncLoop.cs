using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// Makes written changes durable and then lets the answers go that promised it. While one sync runs the engine goes on writing, and the
/// next sync covers all of that: many clients share one. With an interval answers do not wait here, and it syncs on its own.
/// </summary>
/// <remarks>
/// It has a thread, so that nobody else waits for the disk. Only where the disk is quick and few answers wait, the thread that serves the
/// clients syncs by itself once it has nothing else to do: two changes of threads would take longer than such a sync. Where the disk is
/// slow, the next sync begins when that thread has nothing else to do: what the clients just answered ask for next is then part of it.
/// </remarks>
sealed class SyncLoop : IDisposable
{
    const int FewMax = 16;
    static readonly TimeSpan quick = TimeSpan.FromMilliseconds(1);

    readonly object _gate = new();
    readonly RocksDatabase _database;
    readonly Durability _durability;
    readonly Func<IAnswerSender> _sender;
    readonly TimeProvider _clock;
    readonly Action<Exception> _failed;
    readonly ManualResetEventSlim _stopping = new();
    readonly Thread _thread;
    List<Command> _promised = [];
    // Of the last syncs, the later the more.
    TimeSpan _usual;
    bool _isSyncing;
    bool _isHanded;
    bool _isLeftToSettle;
    bool _isClosed;
    volatile StorageException? _failure;

    internal SyncLoop(RocksDatabase database, Durability durability, Func<IAnswerSender> sender, TimeProvider clock, Action<Exception> failed)
    {
        _database = database;
        _durability = durability;
        _sender = sender;
        _clock = clock;
        _failed = failed;
        _thread = new Thread(durability.IsSync ? RunPerPromise : RunPerInterval) { Name = "sync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether answers wait for somebody to call <see cref="Settle"/>.</summary>
    internal bool HasUnsettled
    {
        get
        {
            lock (_gate)
                return _promised.Count > 0 && !_isSyncing;
        }
    }

    /// <summary>Releases the answers once everything written before this call is as durable as promised.</summary>
    internal void Post(List<Command> answered)
    {
        if (!_durability.IsSync)
            _sender().Send(answered);
        lock (_gate)
        {
            if (!_isClosed)
            {
                if (_durability.IsSync)
                    Promise(answered);
                else
                    HandOver();
                return;
            }
        }
        Abandon(answered, null);
    }

    /// <summary>Syncs now, or has the thread do it, if answers wait for it and nobody does.</summary>
    internal void Settle()
    {
        List<Command> promised;
        lock (_gate)
        {
            if (_promised.Count == 0 || _isSyncing)
                return;
            _isSyncing = true;
            if (_usual >= quick)
            {
                HandOver();
                return;
            }
            promised = TakePromised();
        }
        var failure = TrySync();
        lock (_gate)
        {
            _isSyncing = false;
            Monitor.PulseAll(_gate);
        }
        if (failure is null)
            _sender().Send(promised);
        else
            Abandon(promised, failure);
    }

    /// <summary>Waits until the last answer is out and everything is durable.</summary>
    public void Dispose()
    {
        Close();
        _stopping.Set();
        _thread.Join();
        _stopping.Dispose();
    }

    // Under the gate.
    void Promise(List<Command> answered)
    {
        _promised.AddRange(answered);
        _isLeftToSettle = _sender().IsHere;
        if (_isSyncing || MaySettle)
            return;
        _isSyncing = true;
        HandOver();
    }

    bool MaySettle => _isLeftToSettle && (_promised.Count <= FewMax || _usual >= quick);

    void HandOver()
    {
        _isHanded = true;
        Monitor.Pulse(_gate);
    }

    List<Command> TakePromised()
    {
        var promised = _promised;
        _promised = [];
        return promised;
    }

    void RunPerPromise()
    {
        while (WaitForPromises() is { } promised)
        {
            for (List<Command>? next = promised, current; next is not null;)
            {
                current = next;
                if (TrySync() is { } failure)
                {
                    Abandon(current, failure);
                    return;
                }
                // Before these answers leave: who sends them settles what is left.
                next = TakeMore();
                _sender().Send(current);
            }
        }
    }

    // Null once it is closed and nothing waits.
    List<Command>? WaitForPromises()
    {
        lock (_gate)
        {
            while (!_isHanded && (!_isClosed || _isSyncing))
                Monitor.Wait(_gate);
            _isHanded = false;
            return _promised.Count > 0 ? TakePromised() : null;
        }
    }

    List<Command>? TakeMore()
    {
        lock (_gate)
        {
            _isSyncing = _promised.Count > 0 && (_isClosed || !MaySettle);
            return _isSyncing ? TakePromised() : null;
        }
    }

    void RunPerInterval()
    {
        for (var goesOn = true; goesOn;)
        {
            lock (_gate)
            {
                while (!_isHanded && !_isClosed)
                    Monitor.Wait(_gate);
                _isHanded = false;
                goesOn = !_isClosed;
            }
            if (goesOn)
                _stopping.Wait(_durability.Interval);
            if (TrySync() is not null)
                return;
        }
    }

    // Never tried again: the kernel may have dropped the pages, and a second sync would then succeed with nothing on disk.
    StorageException? TrySync()
    {
        if (_failure is not null)
            return _failure;
        var began = _clock.GetTimestamp();
        try
        {
            _database.Sync();
            _usual += (_clock.GetElapsedTime(began) - _usual) / 4;
            return null;
        }
        catch (StorageException e)
        {
            _failure = e;
            Abandon(Close(), e);
            _failed(e);
            return e;
        }
    }

    // From now on nothing is taken any more. Returns what was.
    List<Command> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
            return _promised;
        }
    }

    static void Abandon(List<Command> answered, StorageException? failure)
    {
        foreach (var command in answered)
            command.Abandon(new EngineStoppedException(failure));
    }
}
