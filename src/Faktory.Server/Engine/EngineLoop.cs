using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// The one thread that runs a <see cref="JobEngine"/>: collects what the connections posted, executes it, writes it as one batch,
/// and hands the promises among the answers to the <see cref="SyncLoop"/>. Any thread may post.
/// </summary>
sealed class EngineLoop : IDisposable
{
    readonly Inbox<Command> _inbox = new();
    readonly JobStore _store;
    readonly Func<JobStore, JobEngine> _create;
    readonly SyncLoop _sync;
    readonly ITimer _timer;
    readonly TimeProvider _clock;
    readonly Thread _thread;
    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Action<Exception> _failed;
    int _hasFailed;
    long _wakesAt = long.MaxValue;

    /// <param name="store">Owned by the loop from now on.</param>
    /// <param name="create">Makes the engine, on its thread.</param>
    /// <param name="clock">Wakes the engine when something is due.</param>
    /// <param name="failed">Called once, from any thread, when nothing can be acknowledged any more: the process has to end.</param>
    internal EngineLoop(JobStore store, Func<JobStore, JobEngine> create, TimeProvider clock, Action<Exception> failed)
    {
        _failed = failed;
        _store = store;
        _create = create;
        _clock = clock;
        _timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sync = new SyncLoop(store.Database, Fail);
        _thread = new Thread(Run) { Name = "engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when what was stored is loaded, or could not be.</summary>
    internal Task Started => _started.Task;

    internal void Post(Command command)
    {
        if (!_inbox.TryPost(command))
            command.Abandon(new EngineStoppedException());
    }

    internal Task<T> CallAsync<T>(Func<JobEngine, T> call) => Call(new EngineCall<T>(call, isPromise: false));

    /// <summary>As <see cref="CallAsync"/>, for changes: completes when they are durable.</summary>
    internal Task<T> ChangeAsync<T>(Func<JobEngine, T> change) => Call(new EngineCall<T>(change, isPromise: true));

    /// <summary>Executes and syncs what was posted before, then closes the store.</summary>
    public void Dispose()
    {
        _inbox.Close();
        _thread.Join();
        _sync.Stop();
        _timer.Dispose();
        _store.Dispose();
    }

    Task<T> Call<T>(EngineCall<T> call)
    {
        Post(call);
        return call.Result;
    }

    void Run()
    {
        JobEngine? engine = null;
        var posted = new List<Command>();
        try
        {
            engine = _create(_store);
            _store.WritePending();
            _started.SetResult();
            SetTimer(engine);
            for (var free = new List<Command>(); _inbox.Collect(free, out posted); free = posted)
            {
                RunOnce(engine, posted);
                posted.Clear();
            }
            engine.GiveUpAll();
            RunOnce(engine, []);
        }
#pragma warning disable CA1031 // Whatever went wrong, half a step may be in the batch: stop before it is written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            Abandon(engine?.Unanswered ?? [], e);
            Abandon(posted, e);
            while (_inbox.Collect([], out posted))
                Abandon(posted, e);
        }
    }

    void RunOnce(JobEngine engine, List<Command> posted)
    {
        foreach (var command in posted)
            engine.Execute(command);
        engine.Tick();
        _store.WritePending();
        foreach (var command in engine.AnsweredOnWrite)
            command.Release();
        engine.AnsweredOnWrite.Clear();
        if (engine.AnsweredOnSync.Count > 0)
            _sync.Post(engine.TakeAnsweredOnSync());
        SetTimer(engine);
    }

    void SetTimer(JobEngine engine)
    {
        var idle = engine.Timers.IdleFor;
        if (idle == TimeSpan.Zero)
        {
            _inbox.Ring();
            return;
        }
        if (idle == TimeSpan.MaxValue)
            return;
        var wakesAt = _clock.GetTimestamp() + (long)(idle.TotalSeconds * _clock.TimestampFrequency);
        // Setting a timer costs more than a needless wake-up: only an earlier one is set.
        if (wakesAt >= Interlocked.Read(ref _wakesAt))
            return;
        Interlocked.Exchange(ref _wakesAt, wakesAt);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(idle.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    void Wake()
    {
        Interlocked.Exchange(ref _wakesAt, long.MaxValue);
        _inbox.Ring();
    }

    void Fail(Exception e)
    {
        _inbox.Close();
        if (!_started.TrySetException(e) && Interlocked.Exchange(ref _hasFailed, 1) == 0)
            _failed(e);
    }

    static void Abandon(IEnumerable<Command> commands, Exception e)
    {
        foreach (var command in commands)
            command.Abandon(new EngineStoppedException(e));
    }
}
