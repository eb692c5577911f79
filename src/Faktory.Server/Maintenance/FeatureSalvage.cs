using System.Text;
using Faktory.Server.Batches;
using Faktory.Server.Cron;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tracking;
using Faktory.Server.Unique;

namespace Faktory.Server.Maintenance;

/// <summary>
/// The part of <see cref="StoreRepair"/> that is about features: what hangs on the saved jobs comes with them, what hung on lost ones does not. Memory
/// grows with the batches only.
/// </summary>
/// <param name="database">The damaged store.</param>
/// <param name="builder">Makes the new one.</param>
/// <param name="scan">Reads the rows of one kind, around what cannot be read.</param>
/// <param name="lost">Where losses are noted.</param>
sealed class FeatureSalvage(RocksDatabase database, StoreBuilder builder, Func<byte, IEnumerable<(byte[] Key, byte[] Value)>> scan, Findings lost)
{
    // No queue has this number. What a batch has in a queue that is gone is dropped at the next start, and what follows from that is done.
    const uint Nowhere = uint.MaxValue;

    // Saved jobs of batches that were never executed, by batch and queue; 0 for those that are scheduled.
    readonly Dictionary<string, Dictionary<uint, long>> _members = [];

    /// <summary>What stands for itself. Before the jobs.</summary>
    internal void SaveRows()
    {
        foreach (var (key, value) in scan(Keys.Cron))
            Try(KeyText.Describe(key), () => CronRun.Check(value), () => builder.AddRow(key, value));
        foreach (var (key, value) in scan(Keys.Track))
            Try(KeyText.Describe(key), () => TrackRecord.Read(value), () => builder.AddRow(key, value));
    }

    /// <summary>A job was saved that is not dead.</summary>
    /// <param name="job">The job.</param>
    /// <param name="queueId">The number of its queue in the new store; 0 when it is in none.</param>
    internal void Follow(JobRecord job, uint queueId)
    {
        if (job.Traits.IsEmpty)
            return;
        var traits = JobTraits.Read(job.Traits);
        if (traits is { Role: BatchRole.Member, Bid: { } bid })
        {
            if (!_members.TryGetValue(bid, out var members))
                _members.Add(bid, members = []);
            members[queueId] = members.GetValueOrDefault(queueId) + 1;
        }
        if (traits.UniqueKey is { } unique)
            SaveLock([Keys.Unique, .. unique], job.Jid.ToArray(), queueId);
        if (traits.IsTracked && queueId != 0)
            SaveTrack([Keys.Track, .. job.Jid]);
    }

    /// <summary>The batches. After the jobs.</summary>
    internal void SaveBatches()
    {
        var batches = scan(Keys.Batch).Select(row => Read(row.Key, row.Value)).OfType<Batch>().ToArray();
        var saved = batches.Select(b => b.Bid).ToHashSet();
        foreach (var (key, _) in scan(Keys.BatchDefinition).Where(row => !saved.Contains(Encoding.UTF8.GetString(row.Key.AsSpan(1)))))
            lost.Add(KeyText.Describe(key), "how far it was");
        var children = batches.Where(b => b.ParentBid is not null).ToLookup(b => b.ParentBid!);
        foreach (var batch in batches)
        {
            Correct(batch, [.. children[batch.Bid]]);
            var bid = Encoding.UTF8.GetBytes(batch.Bid);
            builder.AddRow([Keys.Batch, .. bid], batch.WriteState());
            builder.AddRow([Keys.BatchDefinition, .. bid], batch.WriteDefinition());
        }
    }

    // A lock whose job is lost would keep others out for nothing.
    void SaveLock(byte[] key, byte[] jid, uint queueId)
    {
        UniqueLock? held = null;
        Try(
            KeyText.Describe(key),
            () => held = database.Get(key) is { } row ? UniqueLock.Read(row) : null,
            () =>
            {
                if (held is { } found && jid.AsSpan().SequenceEqual(found.Jid))
                    builder.AddRow(key, (found with { Home = queueId }).Write());
            });
    }

    // Also one that was at work waits in its queue now.
    void SaveTrack(byte[] key)
    {
        TrackRecord? known = null;
        Try(
            KeyText.Describe(key),
            () => known = database.Get(key) is { } row ? TrackRecord.Read(row) : null,
            () =>
            {
                if (known is { } found)
                    builder.AddRow(key, (found with { State = TrackedState.Enqueued }).Write());
            });
    }

    Batch? Read(byte[] key, byte[] state)
    {
        Batch? batch = null;
        Try(KeyText.Describe(key), () =>
        {
            var definition = database.Get([Keys.BatchDefinition, .. key.AsSpan(1)]) ?? throw new CorruptStorageException("what it was asked for is missing");
            batch = Batch.Read(Encoding.UTF8.GetString(key.AsSpan(1)), definition, state);
        }, () => { });
        return batch;
    }

    // Jobs and nested batches that are lost would be waited for without end.
    void Correct(Batch batch, Batch[] children)
    {
        var members = _members.GetValueOrDefault(batch.Bid) ?? [];
        var missing = batch.Pending - members.Values.Sum();
        batch.Queued.Clear();
        foreach (var (queueId, count) in members.Where(m => m.Key != 0))
            batch.Queued[queueId] = count;
        if (missing > 0)
        {
            batch.Queued[Nowhere] = missing;
            lost.Add($"batch {batch.Bid}", $"{missing} of its jobs: they count as executed and not done");
        }
        var (incomplete, unsuccessful) = (children.LongCount(c => c.CompleteStage != BatchStage.Finished), children.LongCount(c => c.SuccessStage != BatchStage.Finished));
        if (incomplete >= batch.IncompleteChildren && unsuccessful >= batch.UnsuccessfulChildren)
            return;
        lost.Add($"batch {batch.Bid}", "some of the batches nested in it: it does not wait for them");
        (batch.IncompleteChildren, batch.UnsuccessfulChildren) = (incomplete, unsuccessful);
        batch.Queued.TryAdd(Nowhere, 0);
    }

    void Try(string where, Action read, Action save)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is StorageException or ArgumentException or IOException)
        {
            lost.Add(where, e.Message);
            return;
        }
        save();
    }
}
