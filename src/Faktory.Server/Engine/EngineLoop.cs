using Faktory.Server.Commands;
using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// Runs a <see cref="JobEngine"/>, on one thread at a time: whoever posts while nobody runs it does so there and then, together with
/// what others leave meanwhile. What was posted is executed, written as one batch, and the promises among the answers are handed to the
/// <see cref="SyncLoop"/>. No thread of its own, because waking one costs more than most commands. Any thread may post.
/// </summary>
sealed class EngineLoop : IDisposable
{
    readonly object _gate = new();
    readonly JobStore _store;
    readonly SyncLoop _sync;
    readonly ITimer _timer;
    readonly TimeProvider _clock;
    readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Action<Exception> _failed;
    readonly Func<IAnswerSender> _sender;
    JobEngine? _engine;
    List<Command> _posted = [];
    List<Command> _collected = [];
    // From the beginning: nobody runs the engine before it is loaded.
    bool _isRunning = true;
    bool _isRung;
    bool _isClosed;
    bool _hasFailed;
    long _wakesAt = long.MaxValue;

    /// <param name="store">Owned by the loop from now on.</param>
    /// <param name="create">Makes the engine, on a thread of the loop's.</param>
    /// <param name="durability">When promises are given.</param>
    /// <param name="sender">Sends the answers; asked for at each time.</param>
    /// <param name="clock">Wakes the engine when something is due.</param>
    /// <param name="failed">Called once, from any thread, when nothing can be acknowledged any more: the process has to end.</param>
    internal EngineLoop(JobStore store, Func<JobStore, JobEngine> create, Durability durability, Func<IAnswerSender> sender, TimeProvider clock, Action<Exception> failed)
    {
        _failed = failed;
        _sender = sender;
        _store = store;
        _clock = clock;
        _timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sync = new SyncLoop(store.Database, durability, sender, clock, Fail);
        new Thread(() => Load(create)) { Name = "load", IsBackground = true }.Start();
    }

    /// <summary>Completes when what was stored is loaded, or could not be.</summary>
    internal Task Started => _started.Task;

    internal void Post(Command command)
    {
        bool isTaken;
        lock (_gate)
        {
            isTaken = !_isClosed;
            if (isTaken)
            {
                _posted.Add(command);
                if (_isRunning)
                    return;
                _isRunning = true;
            }
        }
        if (isTaken)
            Run();
        else
            command.Abandon(new EngineStoppedException());
    }

    /// <summary>What is posted until <see cref="Resume"/> is executed together, by who calls that. False when somebody runs the engine already.</summary>
    internal bool TryHold()
    {
        lock (_gate)
        {
            if (_isRunning || _isClosed)
                return false;
            return _isRunning = true;
        }
    }

    internal void Resume() => Run();

    /// <summary>Whether answers wait for a sync that nobody has begun: <see cref="Settle"/> does.</summary>
    internal bool HasUnsettled => _sync.HasUnsettled;

    /// <summary>For the sender's thread, when it has nothing else to do.</summary>
    internal void Settle() => _sync.Settle();

    internal Task<T> CallAsync<T>(Func<JobEngine, T> call) => Call(new EngineCall<T>(call, isPromise: false));

    /// <summary>As <see cref="CallAsync"/>, for changes: completes when they are durable.</summary>
    internal Task<T> ChangeAsync<T>(Func<JobEngine, T> change) => Call(new EngineCall<T>(change, isPromise: true));

    /// <summary>Executes and syncs what was posted before, then closes the store.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_isRunning)
                Monitor.Wait(_gate);
            _isRunning = true;
        }
        if (_engine is not null && !_hasFailed)
        {
            _engine.Waiting.GiveUpAll();
            RunOnce(_engine);
        }
        _sync.Dispose();
        _timer.Dispose();
        _store.Dispose();
    }

    Task<T> Call<T>(EngineCall<T> call)
    {
        Post(call);
        return call.Result;
    }

    void Load(Func<JobStore, JobEngine> create)
    {
        try
        {
            _engine = create(_store);
            _store.WritePending();
            _isRung = true;
            _started.SetResult();
        }
#pragma warning disable CA1031 // It is the caller's, who waits for Started.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Break(e);
            return;
        }
        Run();
    }

    // For whoever has set _isRunning; ends with nobody running.
    void Run()
    {
        var engine = _engine!;
        try
        {
            while (Collect())
            {
                foreach (var command in _collected)
                    engine.Execute(command);
                RunOnce(engine);
                _collected.Clear();
            }
        }
#pragma warning disable CA1031 // Whatever went wrong, half a step may be in the batch: stop before it is written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Abandon(engine.Unanswered, e);
            Abandon(_collected, e);
            Break(e);
        }
    }

    bool Collect()
    {
        lock (_gate)
        {
            if (_posted.Count == 0 && !_isRung)
            {
                _isRunning = false;
                Monitor.PulseAll(_gate);
                return false;
            }
            _isRung = false;
            (_collected, _posted) = (_posted, _collected);
            return true;
        }
    }

    void RunOnce(JobEngine engine)
    {
        engine.Tick();
        _store.WritePending();
        // Before the answers: whoever has read one may count on what it began ending in time.
        SetTimer(engine);
        if (engine.AnsweredOnWrite.Count > 0)
            _sender().Send(engine.TakeAnsweredOnWrite());
        if (engine.AnsweredOnSync.Count > 0)
            _sync.Post(engine.TakeAnsweredOnSync());
    }

    void SetTimer(JobEngine engine)
    {
        var idle = engine.Timers.IdleFor;
        if (idle == TimeSpan.Zero)
        {
            lock (_gate)
                _isRung = true;
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
        lock (_gate)
        {
            _isRung = true;
            if (_isRunning || _isClosed)
                return;
            _isRunning = true;
        }
        Run();
    }

    // Nobody runs the engine after this.
    void Break(Exception e)
    {
        List<Command> posted;
        Fail(e);
        lock (_gate)
        {
            (posted, _posted) = (_posted, []);
            _isRunning = false;
            Monitor.PulseAll(_gate);
        }
        Abandon(posted, e);
    }

    void Fail(Exception e)
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_hasFailed)
                return;
            _hasFailed = true;
        }
        if (!_started.TrySetException(e))
            _failed(e);
    }

    static void Abandon(IEnumerable<Command> commands, Exception e)
    {
        foreach (var command in commands)
            command.Abandon(new EngineStoppedException(e));
    }
}
