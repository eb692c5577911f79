namespace Faktory.Server.Tests.Simulation;

// Jobs that belong together, and the callbacks when they are complete and when they have succeeded.
sealed partial class EngineModel
{
    const long OpenFor = 30 * TimeSpan.TicksPerMinute;
    const long FinishedFor = 7 * TimeSpan.TicksPerDay;
    const long BatchKeptFor = 180 * TimeSpan.TicksPerDay;

    readonly SortedDictionary<string, ModelBatch> _batches = new(StringComparer.Ordinal);

    internal ModelBatch? FindBatch(string bid) => _batches.GetValueOrDefault(bid);

    internal void AddBatch(string bid, string? parentBid, JobSpec? complete, JobSpec? success)
    {
        var batch = new ModelBatch(bid, parentBid is null ? null : FindBatch(parentBid), complete, success);
        Draw(bid.Length);
        batch.CreatedAt = batch.ChangedAt = Now;
        _batches.Add(batch.Bid, batch);
        batch.Parent?.Children.Add(batch);
    }

    internal void OpenBatch(string bid)
    {
        var batch = _batches[bid];
        // With a callback on its way there is nothing left to wait for.
        if (batch.IsCommitted && batch.Complete.Stage == 0)
            (batch.IsCommitted, batch.WasCommitted, batch.ChangedAt) = (false, true, Now);
    }

    internal void CommitBatch(string bid)
    {
        var batch = _batches[bid];
        batch.IsCommitted = true;
        Advance(batch);
        ServeWoken();
    }

    static void Join(ModelJob job)
    {
        if (job.Batch is not { } batch)
            return;
        batch.Total++;
        batch.Pending++;
    }

    /// <summary>It was tried, or will not be: its batch is complete without it.</summary>
    ModelJob Execute(ModelJob job)
    {
        if (job is not { Batch: { } batch, Callback: null, IsExecuted: false })
            return job;
        batch.Pending--;
        batch.Failed++;
        Advance(batch);
        return job with { IsExecuted = true };
    }

    void Acknowledge(ModelJob job)
    {
        if (job.Batch is not { } batch)
            return;
        if (job.Callback is "complete")
            Finish(batch, batch.Complete);
        else if (job.Callback is not null)
            Finish(batch, batch.Success);
        else if (job.IsExecuted)
            batch.Failed--;
        else
            batch.Pending--;
        Advance(batch);
    }

    // All jobs of a queue went at once; their batches hear of it in the order of their ids.
    void Lose(ModelJob[] jobs)
    {
        foreach (var job in jobs)
        {
            Unlock(job);
            NoteGone(job);
        }
        foreach (var lost in jobs.Where(j => j is { Batch: not null, Callback: null, IsExecuted: false }).GroupBy(j => j.Batch!).OrderBy(g => g.Key.Bid, StringComparer.Ordinal))
        {
            lost.Key.Pending -= lost.Count();
            lost.Key.Failed += lost.Count();
            Advance(lost.Key);
        }
    }

    void Advance(ModelBatch? batch)
    {
        for (; batch is { IsCommitted: true } && _batches.ContainsKey(batch.Bid); batch = batch.Parent)
        {
            if (batch is { Complete.Stage: 0, Pending: 0 } && batch.Children.TrueForAll(c => c.Complete.Stage == 2))
                Call(batch, batch.Complete);
            if (batch is { Complete.Stage: 2, Success.Stage: 0, Pending: 0, Failed: 0 } && batch.Children.TrueForAll(c => c.Success.Stage == 2))
                Call(batch, batch.Success);
        }
    }

    void Call(ModelBatch batch, ModelCallback callback)
    {
        callback.Stage = 1;
        if (callback.Spec is { } spec)
            Enqueue(ModelJob.Of(spec, Now, batch) with { Callback = callback.Name });
        else
            Finish(batch, callback);
    }

    void Finish(ModelBatch batch, ModelCallback callback)
    {
        if (callback.Stage == 2 || !_batches.ContainsKey(batch.Bid))
            return;
        callback.Stage = 2;
        batch.ChangedAt = Now;
    }

    void SweepBatches()
    {
        foreach (var batch in _batches.Values.Where(b => !b.IsCommitted && b.ChangedAt + OpenFor <= Now).OrderBy(b => b.ChangedAt).ToArray())
        {
            if (batch.WasCommitted)
            {
                batch.IsCommitted = true;
                Advance(batch);
                continue;
            }
            _batches.Remove(batch.Bid);
            batch.Parent?.Children.Remove(batch);
            Advance(batch.Parent);
        }
        foreach (var batch in _batches.Values.ToArray())
        {
            var isFinished = batch is { Complete.Stage: 2, Success.Stage: 2 };
            if ((isFinished && batch.ChangedAt + FinishedFor <= Now) || batch.CreatedAt + BatchKeptFor <= Now)
                _batches.Remove(batch.Bid);
        }
    }
}
