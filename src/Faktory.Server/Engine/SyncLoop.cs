using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// The thread that makes written changes durable and then lets the answers go that promised it. While one sync runs the engine goes on
/// writing, and the next sync covers all of that: many clients share one. With an interval answers do not wait here, and it syncs on its own.
/// </summary>
sealed class SyncLoop : IDisposable
{
    readonly Inbox<Command> _inbox = new();
    readonly RocksDatabase _database;
    readonly Durability _durability;
    readonly Action<Exception> _failed;
    readonly ManualResetEventSlim _stopping = new();
    readonly Thread _thread;

    internal SyncLoop(RocksDatabase database, Durability durability, Action<Exception> failed)
    {
        _database = database;
        _durability = durability;
        _failed = failed;
        _thread = new Thread(durability.IsSync ? RunPerPromise : RunPerInterval) { Name = "sync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Releases the answers once everything written before this call is as durable as promised.</summary>
    internal void Post(List<Command> answered)
    {
        if (_durability.IsSync)
        {
            if (!_inbox.TryPost(answered))
                Abandon(answered, null);
            return;
        }
        Releases.Run(answered);
        _inbox.Ring();
    }

    /// <summary>Waits until the last answer is out and everything is durable.</summary>
    public void Dispose()
    {
        _inbox.Close();
        _stopping.Set();
        _thread.Join();
        _stopping.Dispose();
    }

    void RunPerPromise()
    {
        while (_inbox.Collect([], out var answered))
        {
            if (answered.Count == 0)
                continue;
            if (TrySync() is { } failure)
            {
                Abandon(answered, failure);
                while (_inbox.Collect([], out answered))
                    Abandon(answered, failure);
                return;
            }
            Releases.Run(answered);
        }
    }

    void RunPerInterval()
    {
        for (var goesOn = true; goesOn;)
        {
            goesOn = _inbox.Collect([], out _);
            if (goesOn)
                _stopping.Wait(_durability.Interval);
            if (TrySync() is not null)
                return;
        }
    }

    // Never tried again: the kernel may have dropped the pages, and a second sync would then succeed with nothing on disk.
    StorageException? TrySync()
    {
        try
        {
            _database.Sync();
            return null;
        }
        catch (StorageException e)
        {
            _inbox.Close();
            _failed(e);
            return e;
        }
    }

    static void Abandon(List<Command> answered, StorageException? failure)
    {
        foreach (var command in answered)
            command.Abandon(new EngineStoppedException(failure));
    }
}
