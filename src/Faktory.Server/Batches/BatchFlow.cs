using System.Buffers.Text;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;

namespace Faktory.Server.Batches;

/// <summary>What is asked for by BATCH NEW.</summary>
/// <param name="ParentBid">The batch it is nested in, or null.</param>
/// <param name="Description">For people; may be null.</param>
/// <param name="Complete">A checked job, or null.</param>
/// <param name="Success">A checked job, or null.</param>
sealed record BatchRequest(string? ParentBid, string? Description, byte[]? Complete, byte[]? Success);

/// <summary>
/// How batches go on: jobs join, are executed, succeed; then the callbacks are enqueued, complete before success, a parent's after its children's.
/// Every change goes with the batch of writes of the job that caused it. Belongs to whoever runs the engine.
/// </summary>
sealed class BatchFlow(JobEngine engine, JobStore store, Random random)
{
    /// <summary>How long a batch may stay open. One that was never committed is forgotten then; one that was opened again is committed.</summary>
    internal static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(30);

    /// <summary>How long one can be asked for after both callbacks have finished.</summary>
    internal static readonly TimeSpan FinishedFor = TimeSpan.FromDays(7);

    /// <summary>And after it was made, in any case: as long as dead jobs are kept.</summary>
    internal static readonly TimeSpan KeptFor = FailurePolicy.DeadFor;

    const int SweptMax = 1000;

    readonly BatchTable _table = new(store);
    // Those that are not committed, and since when.
    readonly Dictionary<string, long> _open = [];
    string? _sweptTo;

    internal bool MayHold => _table.MayHold;

    internal Batch? Find(string bid) => _table.Find(bid);

    internal long CountIn(BatchPhase phase) => _table.CountIn(phase);

    /// <inheritdoc cref="BatchTable.Read"/>
    internal List<Batch> Read(string? after, int max) => _table.Read(after, max);

    /// <summary>Finds the open ones after a start, and finishes the removal of queues that an end came between.</summary>
    internal void Load()
    {
        _table.Load();
        var gone = new HashSet<uint>();
        foreach (var batch in _table.ReadAll())
        {
            _table.CountStored(batch);
            if (!batch.IsCommitted)
                _open[batch.Bid] = batch.ChangedAt;
            gone.UnionWith(batch.Queued.Keys.Where(id => engine.Queues.Find(id) is null));
        }
        foreach (var queueId in gone)
            DropQueue(queueId);
    }

    /// <summary>Makes a batch whose parent, if any, is there.</summary>
    internal Batch Create(BatchRequest request)
    {
        var batch = new Batch(NewBid(), request.ParentBid, request.Description, engine.Now, request.Complete, request.Success);
        _table.Add(batch);
        _open[batch.Bid] = batch.CreatedAt;
        if (request.ParentBid is { } parentBid && Find(parentBid) is { } parent)
        {
            parent.IncompleteChildren++;
            parent.UnsuccessfulChildren++;
            _table.Touch(parent);
        }
        return batch;
    }

    /// <summary>More jobs are to come: the callbacks wait for the next commit, unless they are on their way.</summary>
    internal void Open(Batch batch)
    {
        if (!batch.IsCommitted || batch.CompleteStage != BatchStage.Pending)
            return;
        (batch.IsCommitted, batch.WasCommitted, batch.ChangedAt) = (false, true, engine.Now);
        _table.Touch(batch);
        _open[batch.Bid] = batch.ChangedAt;
    }

    internal void Commit(Batch batch)
    {
        if (batch.IsCommitted)
            return;
        batch.IsCommitted = true;
        _open.Remove(batch.Bid);
        _table.Touch(batch);
        Advance(batch);
    }

    /// <summary>A new job.</summary>
    internal void Join(JobTraits job)
    {
        if (!Is(job, BatchRole.Member, out var batch))
            return;
        batch.Total++;
        batch.Pending++;
        _table.Touch(batch);
    }

    /// <summary>A job is in a queue now.</summary>
    internal void Enter(JobTraits job, uint queueId)
    {
        if (!Is(job, BatchRole.Member, out var batch))
            return;
        batch.Queued[queueId] = batch.Queued.GetValueOrDefault(queueId) + 1;
        _table.Touch(batch);
    }

    /// <summary>A job is not in its queue any more.</summary>
    internal void Leave(JobTraits job, uint queueId)
    {
        if (!Is(job, BatchRole.Member, out var batch))
            return;
        var left = batch.Queued.GetValueOrDefault(queueId) - 1;
        if (left > 0)
            batch.Queued[queueId] = left;
        else
            batch.Queued.Remove(queueId);
        _table.Touch(batch);
    }

    /// <summary>A job or a callback has succeeded.</summary>
    internal void Acknowledge(JobTraits job)
    {
        if (job.Bid is not { } bid || Find(bid) is not { } batch)
            return;
        switch (job.Role)
        {
            case BatchRole.Member:
                batch.Pending--;
                break;
            case BatchRole.ExecutedMember:
                batch.Failed--;
                break;
            default:
                Finish(batch, job.Role);
                break;
        }
        _table.Touch(batch);
        Advance(batch);
    }

    /// <summary>A job has failed, or nobody will work on it: it counts as executed, once.</summary>
    /// <returns>What is to be stored of it, if it is.</returns>
    internal JobTraits Drop(JobTraits job)
    {
        if (!Is(job, BatchRole.Member, out var batch))
            return job;
        Drop(batch, 1);
        return job with { Role = BatchRole.ExecutedMember };
    }

    /// <summary>All jobs of a queue are gone.</summary>
    internal void DropQueue(uint queueId)
    {
        if (!MayHold)
            return;
        foreach (var batch in _table.ReadAll().Where(b => b.Queued.ContainsKey(queueId)))
        {
            // The one in the table, which the page of a reading is not.
            if (Find(batch.Bid) is { } affected && affected.Queued.Remove(queueId, out var count))
                Drop(affected, count);
        }
    }

    internal void Clear()
    {
        _table.Clear();
        _open.Clear();
    }

    /// <summary>Ends what was open too long, and forgets some of those that nobody will ask for; each call goes on where the last one ended.</summary>
    internal void Sweep(long now)
    {
        if (!MayHold)
            return;
        foreach (var bid in _open.Where(o => o.Value + OpenFor.Ticks <= now).OrderBy(o => o.Value).Select(o => o.Key).ToArray())
        {
            _open.Remove(bid);
            if (Find(bid) is not { } batch)
                continue;
            if (batch.WasCommitted)
                Commit(batch);
            else
                Abandon(batch);
        }
        var page = _table.Read(_sweptTo, SweptMax);
        _sweptTo = page.Count < SweptMax ? null : page[^1].Bid;
        foreach (var batch in page)
        {
            var isFinished = batch is { CompleteStage: BatchStage.Finished, SuccessStage: BatchStage.Finished };
            if ((isFinished && batch.ChangedAt + FinishedFor.Ticks <= now) || batch.CreatedAt + KeptFor.Ticks <= now)
                _table.Delete(batch);
        }
    }

    string NewBid()
    {
        Span<byte> id = stackalloc byte[12];
        while (true)
        {
            random.NextBytes(id);
            if ($"b-{Base64Url.EncodeToString(id)}" is var bid && Find(bid) is null)
                return bid;
        }
    }

    bool Is(JobTraits job, BatchRole role, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Batch? batch)
    {
        batch = job.Role == role && job.Bid is { } bid ? Find(bid) : null;
        return batch is not null;
    }

    void Drop(Batch batch, long count)
    {
        batch.Pending -= count;
        batch.Failed += count;
        _table.Touch(batch);
        Advance(batch);
    }

    // Whoever made it never committed it, and will make another one: the parent does not wait for it.
    void Abandon(Batch batch)
    {
        _table.Delete(batch);
        if (batch.ParentBid is not { } bid || Find(bid) is not { } parent)
            return;
        parent.IncompleteChildren--;
        parent.UnsuccessfulChildren--;
        _table.Touch(parent);
        Advance(parent);
    }

    // Upwards, as far as something follows from it.
    void Advance(Batch? batch)
    {
        for (; batch is { IsCommitted: true }; batch = batch.ParentBid is { } bid ? Find(bid) : null)
        {
            if (batch is { CompleteStage: BatchStage.Pending, Pending: 0, IncompleteChildren: 0 })
            {
                batch.CompleteStage = BatchStage.Enqueued;
                if (batch.Complete is { } complete)
                    Call(batch, complete, BatchRole.CompleteCallback);
                else
                    Finish(batch, BatchRole.CompleteCallback);
            }
            if (batch is { CompleteStage: BatchStage.Finished, SuccessStage: BatchStage.Pending, Pending: 0, Failed: 0, UnsuccessfulChildren: 0 })
            {
                batch.SuccessStage = BatchStage.Enqueued;
                if (batch.Success is { } success)
                    Call(batch, success, BatchRole.SuccessCallback);
                else
                    Finish(batch, BatchRole.SuccessCallback);
            }
        }
    }

    void Call(Batch batch, byte[] json, BatchRole role)
    {
        _table.Touch(batch);
        engine.Place(BatchCallback.Read(json, batch.Bid, role, engine.Now));
    }

    // Nothing more is to be waited for of that kind.
    void Finish(Batch batch, BatchRole role)
    {
        var isSuccess = role == BatchRole.SuccessCallback;
        if ((isSuccess ? batch.SuccessStage : batch.CompleteStage) == BatchStage.Finished)
            return;
        batch.ChangedAt = engine.Now;
        if (isSuccess)
            batch.SuccessStage = BatchStage.Finished;
        else
            batch.CompleteStage = BatchStage.Finished;
        _table.Touch(batch);
        if (batch.ParentBid is not { } bid || Find(bid) is not { } parent)
            return;
        if (isSuccess)
            parent.UnsuccessfulChildren--;
        else
            parent.IncompleteChildren--;
        _table.Touch(parent);
    }
}
