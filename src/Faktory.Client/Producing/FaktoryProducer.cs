namespace Faktory.Client;

/// <summary>
/// Pushes jobs and asks the server about itself. Keep one for the life of the process: any thread may call it, connections are
/// pooled, opened when needed and replaced when lost.
/// </summary>
/// <remarks>
/// Every call throws a <see cref="FaktoryException"/> when it fails. When <see cref="FaktoryException.IsOutcomeUnknown"/> is set on
/// a failed push, the job may be in the queue: push again and it may run twice, or do not and it may never run.
/// </remarks>
public sealed class FaktoryProducer(FaktoryClientOptions options) : IAsyncDisposable
{
    readonly ConnectionPool _pool = new(options);

    /// <summary>Enqueues or schedules a job; when it returns, the server has it on disk.</summary>
    /// <returns>The job's id.</returns>
    public async Task<string> PushAsync(FaktoryJob job, CancellationToken cancel = default)
    {
        await SendAsync(FaktoryCommands.Push(job), cancel);
        return job.Jid;
    }

    /// <summary>Enqueues or schedules many jobs in one call, best about 1,000.</summary>
    /// <returns>The refused jobs by id, with the reason; empty when all are in.</returns>
    public Task<IReadOnlyDictionary<string, string>> PushBulkAsync(IReadOnlyCollection<FaktoryJob> jobs, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.PushBulk(jobs), cancel);

    /// <summary>
    /// Deletes a job that waits, is scheduled, is to be retried, or is at work. The handler of one at work sees its token cancelled
    /// with its worker's next heartbeat; whatever comes of it, the job is over for the server.
    /// </summary>
    /// <returns>False when there is no such job: it ended, died, or never was.</returns>
    public async Task<bool> CancelAsync(string jid, CancellationToken cancel = default)
    {
        try
        {
            await SendAsync(FaktoryCommands.Cancel(jid), cancel);
            return true;
        }
        catch (FaktoryCommandException refused) when (refused.IsJobNotFound)
        {
            return false;
        }
    }

    /// <summary>The server's numbers.</summary>
    public Task<FaktoryInfo> InfoAsync(CancellationToken cancel = default) => SendAsync(FaktoryCommands.Info(), cancel);

    /// <summary>Deletes every job on the server.</summary>
    public Task FlushAsync(CancellationToken cancel = default) => SendAsync(FaktoryCommands.Flush(), cancel);

    /// <summary>Keeps workers from fetching from these queues; <c>*</c> for all.</summary>
    public Task PauseQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.PauseQueues(queues), cancel);

    /// <inheritdoc cref="FaktoryCommands.PauseQueues(IReadOnlyCollection{string}, string, DateTimeOffset?)"/>
    public Task PauseQueuesAsync(IReadOnlyCollection<string> queues, string? reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.PauseQueues(queues, reason, until), cancel);

    /// <summary>Lets workers fetch from these queues again; <c>*</c> for all.</summary>
    public Task ResumeQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.ResumeQueues(queues), cancel);

    /// <summary>Deletes these queues with their jobs; <c>*</c> for all.</summary>
    public Task RemoveQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.RemoveQueues(queues), cancel);

    /// <summary>How long the oldest job of each queue has waited.</summary>
    public Task<IReadOnlyDictionary<string, TimeSpan>> QueueLatencyAsync(IReadOnlyCollection<string> queues, CancellationToken cancel = default) =>
        SendAsync(FaktoryCommands.QueueLatency(queues), cancel);

    /// <summary>Makes a batch; jobs join it with <see cref="FaktoryJobFeatures.InBatch"/> and run at once, its callbacks wait for <see cref="CommitBatchAsync"/>.</summary>
    /// <returns>The batch's id.</returns>
    public Task<string> NewBatchAsync(FaktoryBatch batch, CancellationToken cancel = default) => SendAsync(FeatureCommands.NewBatch(batch), cancel);

    /// <summary>Lets more jobs join a batch that was committed.</summary>
    public Task OpenBatchAsync(string bid, CancellationToken cancel = default) => SendAsync(FeatureCommands.OpenBatch(bid), cancel);

    /// <summary>All jobs of the batch have been pushed.</summary>
    public Task CommitBatchAsync(string bid, CancellationToken cancel = default) => SendAsync(FeatureCommands.CommitBatch(bid), cancel);

    /// <summary>How far a batch is.</summary>
    public Task<FaktoryBatchStatus> BatchStatusAsync(string bid, CancellationToken cancel = default) => SendAsync(FeatureCommands.BatchStatus(bid), cancel);

    /// <summary>Where a job is that asked to be <see cref="FaktoryJobFeatures.Tracked"/>.</summary>
    public Task<FaktoryProgress> TrackAsync(string jid, CancellationToken cancel = default) => SendAsync(FeatureCommands.Track(jid), cancel);

    /// <inheritdoc cref="FeatureCommands.Report"/>
    public Task ReportAsync(string jid, int? percent = null, string? description = null, DateTimeOffset? reserveUntil = null, CancellationToken cancel = default) =>
        SendAsync(FeatureCommands.Report(jid, percent, description, reserveUntil), cancel);

    /// <summary>Any command. Sent again on another connection only when that cannot carry it out twice.</summary>
    public Task<T> SendAsync<T>(FaktoryCommand<T> command, CancellationToken cancel = default) => _pool.SendAsync(command, cancel);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
