using System.Collections.Concurrent;

namespace Faktory.Client;

/// <summary>The jobs that this process holds: runs their handlers and reports how each ended, exactly once.</summary>
sealed class RunningJobs(
    FaktoryClientOptions client, FaktoryWorkerOptions options, IReadOnlyDictionary<string, FaktoryJobHandler> handlers, ConnectionPool reports)
    : IAsyncDisposable
{
    const int reportTriesMax = 5;
    static readonly TimeSpan _pauseBetweenReports = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _room = new(options.Concurrency, options.Concurrency);
    readonly ConcurrentDictionary<Run, Task> _runs = new();
    readonly CancellationTokenSource _aborted = new();

    internal Task TakeRoomAsync() => _room.WaitAsync();

    internal void ReturnRoom() => _room.Release();

    internal void Start(FaktoryJob job)
    {
        var run = new Run(job, _aborted.Token);
        // The task removes itself, so it must not start before it is in the list.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[run] = RunAsync(run, begin.Task);
        begin.SetResult();
    }

    /// <summary>The server says that the job was cancelled: its handler hears of it, and nothing is reported.</summary>
    internal void Cancel(string jid)
    {
        foreach (var run in _runs.Keys.Where(run => run.Job.Jid == jid))
        {
            if (run.Cancel())
                options.Notice?.Invoke(new FaktoryNotice.JobCancelled(run.Job));
        }
    }

    /// <summary>Waits for running jobs; at the deadline cancels the rest and reports them, without waiting for their handlers.</summary>
    internal async Task FinishAsync(CancellationToken deadline)
    {
        try
        {
            await Task.WhenAll(_runs.Values).WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var left = _runs.Keys.Where(run => run.Claim()).ToList();
            await _aborted.CancelAsync();
            var cause = new OperationCanceledException("the worker ended before the job did");
            await Task.WhenAll(left.Select(run => options.GiveBackAtShutdown ? GiveBackAsync(run.Job, cause, triesMax: 1) : FailAsync(run.Job, "WorkerShutdown", cause, triesMax: 1)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _aborted.CancelAsync();
        _aborted.Dispose();
    }

    async Task RunAsync(Run run, Task begin)
    {
        await begin;
        Exception? failure = null;
        try
        {
            if (!handlers.TryGetValue(run.Job.JobType, out var handler))
                throw new NotSupportedException($"no handler is registered for job type {run.Job.JobType}");
            await handler(run.Job, run.Token);
        }
#pragma warning disable CA1031 // A handler is the user's code: whatever it throws is the job's failure, not the worker's.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }

        if (run.Claim())
            await ReportAsync(run.Job, failure);
        _runs.TryRemove(run, out _);
        await run.DisposeAsync();
        _room.Release();
    }

    Task ReportAsync(FaktoryJob job, Exception? failure) => failure switch
    {
        null => AckAsync(job),
        FaktoryGiveBackException => GiveBackAsync(job, failure, reportTriesMax),
        _ => FailAsync(job, failure.GetType().FullName ?? "Exception", failure, reportTriesMax),
    };

    async Task AckAsync(FaktoryJob job)
    {
        if (await SendAsync(job, FaktoryCommands.Ack(job.Jid), reportTriesMax))
            options.Notice?.Invoke(new FaktoryNotice.JobDone(job));
    }

    async Task FailAsync(FaktoryJob job, string errorType, Exception cause, int triesMax)
    {
        var backtrace = (cause.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (await SendAsync(job, FaktoryCommands.Fail(job.Jid, errorType, cause.Message, backtrace), triesMax))
            options.Notice?.Invoke(new FaktoryNotice.JobFailed(job, cause));
    }

    async Task GiveBackAsync(FaktoryJob job, Exception cause, int triesMax)
    {
        try
        {
            if (await SendAsync(job, FaktoryCommands.Requeue(job.Jid), triesMax))
                options.Notice?.Invoke(new FaktoryNotice.JobGivenBack(job, cause));
        }
        catch (FaktoryCommandException refused) when (refused.IsUnknownCommand)
        {
            await FailAsync(job, cause.GetType().FullName ?? "Exception", cause, triesMax);
        }
    }

    // Reports bear repetition, so a lost connection is no reason to give up: a second ACK is OK, a second FAIL or REQUEUE finds no job.
    async Task<bool> SendAsync(FaktoryJob job, FaktoryCommand<string> report, int triesMax)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await reports.SendAsync(report, CancellationToken.None);
                return true;
            }
            catch (FaktoryCommandException refused) when (refused.IsUnknownCommand)
            {
                throw;
            }
            catch (FaktoryCommandException) when (tries > 1)
            {
                return true;
            }
            catch (FaktoryException lost) when (tries < triesMax && lost is FaktoryConnectionException or FaktoryTimeoutException)
            {
                options.Notice?.Invoke(new FaktoryNotice.ServerLost(lost));
                await Task.Delay(_pauseBetweenReports, client.Clock);
            }
            catch (Exception refused) when (refused is FaktoryException or ObjectDisposedException)
            {
                options.Notice?.Invoke(new FaktoryNotice.ReportLost(job, refused));
                return false;
            }
        }
    }
}
