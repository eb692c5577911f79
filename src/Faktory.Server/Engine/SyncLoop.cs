using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// The thread that makes written changes durable and then lets the answers go that promised it. While one sync runs the engine goes on
/// writing, and the next sync covers all of that: many clients share one.
/// </summary>
sealed class SyncLoop
{
    readonly Inbox<Command> _inbox = new();
    readonly RocksDatabase _database;
    readonly Action<Exception> _failed;
    readonly Thread _thread;

    internal SyncLoop(RocksDatabase database, Action<Exception> failed)
    {
        _database = database;
        _failed = failed;
        _thread = new Thread(Run) { Name = "sync", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Releases the answers once everything written before this call is durable.</summary>
    internal void Post(List<Command> answered)
    {
        foreach (var command in answered)
        {
            if (!_inbox.TryPost(command))
                command.Abandon(new EngineStoppedException());
        }
    }

    /// <summary>Waits until the last answer is out.</summary>
    internal void Stop()
    {
        _inbox.Close();
        _thread.Join();
    }

    void Run()
    {
        var free = new List<Command>();
        while (_inbox.Collect(free, out var answered))
        {
            free = answered;
            if (answered.Count == 0)
                continue;
            try
            {
                _database.Sync();
            }
            catch (StorageException e)
            {
                // Never tried again: the kernel may have dropped the pages, and a second sync would then succeed with nothing on disk.
                Fail(answered, e);
                return;
            }
            foreach (var command in answered)
                command.Release();
            answered.Clear();
        }
    }

    void Fail(List<Command> answered, StorageException e)
    {
        _inbox.Close();
        _failed(e);
        do
        {
            foreach (var command in answered)
                command.Abandon(new EngineStoppedException(e));
        }
        while (_inbox.Collect([], out answered));
    }
}
