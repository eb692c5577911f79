namespace Faktory.Client;

/// <summary>Works one job. Returning acknowledges it, throwing fails it, and <see cref="FaktoryGiveBackException"/> gives it back.</summary>
/// <param name="job">The job.</param>
/// <param name="cancel">
/// Set when somebody cancelled the job, which is over then whatever its handler does, and when the worker ends and its time for
/// running jobs is over; see <see cref="FaktoryWorkerOptions.GiveBackAtShutdown"/>.
/// </param>
public delegate Task FaktoryJobHandler(FaktoryJob job, CancellationToken cancel);

/// <summary>
/// A worker process: fetches jobs, runs their handlers side by side, reports each to the server, and sends heartbeats. Needs one
/// connection to fetch and a few to report, however many jobs run. Lost connections are dialled again for as long as it runs.
/// </summary>
/// <remarks>A job may run twice, after its reservation ended or a report was lost: handlers must bear that.</remarks>
public sealed class FaktoryWorker(FaktoryClientOptions client, FaktoryWorkerOptions options)
{
    readonly Dictionary<string, FaktoryJobHandler> _handlers = new(StringComparer.Ordinal);
    readonly WorkerLife _life = new(options.Notice);
    int _runs;

    /// <summary>The process's id on the server.</summary>
    public string WorkerId => options.WorkerId;

    /// <summary>What the worker is up to.</summary>
    public FaktoryWorkerState State => _life.State;

    /// <summary>Sets the handler of a job type, before the worker runs. Jobs of other types fail.</summary>
    public FaktoryWorker Register(string jobType, FaktoryJobHandler handler)
    {
        _handlers[jobType] = handler;
        return this;
    }

    /// <summary>Fetches nothing more and works what it has; <see cref="RunAsync"/> goes on until it is cancelled.</summary>
    public void Quiet() => _life.MoveTo(FaktoryWorkerState.Quiet);

    /// <summary>
    /// Works until <paramref name="stop"/> is cancelled or the server orders the process to end. It then fetches no more, waits for
    /// running jobs up to <see cref="FaktoryWorkerOptions.ShutdownTimeout"/>, cancels the others and reports them as failed, or gives them back.
    /// May be called once.
    /// </summary>
    /// <exception cref="FaktoryException">The server could not be reached at the start, or refused.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _runs, 1) != 0)
            throw new InvalidOperationException("a worker runs once; make another");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1);

        var identity = new FaktoryIdentity(options.WorkerId) { Labels = options.Labels };
        await using var reports = new ConnectionPool(client, identity);
        await using var jobs = new RunningJobs(client, options, _handlers, reports);
        await using var fetching = new FetchLoop(client, options, identity, jobs, _life);
        var heartbeat = new Heartbeat(client.Clock, options, reports, _life, jobs);

        // Sent before all else, so that a wrong address or password is the caller's to see.
        await heartbeat.BeatAsync(stop);
        await using var stopping = stop.Register(() => _life.MoveTo(FaktoryWorkerState.Terminating));
        using var ended = new CancellationTokenSource();
        var beating = heartbeat.RunAsync(ended.Token);
        var loop = fetching.RunAsync();

        await _life.Terminating;
        using var deadline = new CancellationTokenSource(options.ShutdownTimeout, client.Clock);
        await fetching.FinishAsync(loop, deadline.Token);
        await jobs.FinishAsync(deadline.Token);
        await ended.CancelAsync();
        await beating;
    }
}
