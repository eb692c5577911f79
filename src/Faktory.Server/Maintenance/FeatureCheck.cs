using System.Text;
using Faktory.Server.Batches;
using Faktory.Server.Cron;
using Faktory.Server.Jobs;
using Faktory.Server.Storage;
using Faktory.Server.Tracking;
using Faktory.Server.Unique;

namespace Faktory.Server.Maintenance;

/// <summary>
/// The part of <see cref="StoreCheck"/> that is about features: whether their rows can be read, and belong to what is there. Memory grows with the
/// batches only.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="names">Of the queues by number.</param>
/// <param name="walk">Reads the rows of one kind.</param>
/// <param name="findings">Where what is wrong is noted.</param>
sealed class FeatureCheck(RocksDatabase database, IReadOnlyDictionary<uint, string> names, Func<byte, Action<ReadOnlySpan<byte>, byte[]>, long> walk, Findings findings)
{
    // Jobs by batch that were never executed.
    readonly Dictionary<string, long> _members = [];
    long _locksOfJobs;

    /// <summary>A job that is not dead.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="job">The job.</param>
    /// <param name="isQueued">It waits in a queue that has a name.</param>
    /// <exception cref="CorruptStorageException">What it asks for cannot be read.</exception>
    internal void See(ReadOnlySpan<byte> key, JobRecord job, bool isQueued)
    {
        if (job.Traits.IsEmpty)
            return;
        var traits = JobTraits.Read(job.Traits);
        if (traits.UniqueKey is { } unique && database.Get([Keys.Unique, .. unique]) is { } held && HolderOf(held).SequenceEqual(job.Jid))
            _locksOfJobs++;
        if (traits is { Role: BatchRole.Member, Bid: { } bid })
            _members[bid] = _members.GetValueOrDefault(bid) + 1;
        if (isQueued && traits.ExpiresAt is { } expiresAt && !HasExpiry(expiresAt, key))
            findings.Add(KeyText.Describe(key), "it expires, and is not noted among those that do");
    }

    /// <summary>After all jobs were seen.</summary>
    /// <param name="isReserved">Whether a job, given by its key, is at work.</param>
    internal void Run(Predicate<byte[]> isReserved)
    {
        CheckLocks();
        walk(Keys.Expiry, (key, value) => CheckExpiry(key, value, isReserved));
        walk(Keys.BatchDefinition, (key, _) =>
        {
            if (database.Get([Keys.Batch, .. key[1..]]) is null)
                findings.Add(KeyText.Describe(key), "how far it is, is missing");
        });
        walk(Keys.Batch, CheckBatch);
        walk(Keys.Track, (key, value) => Try(key, () => TrackRecord.Read(value)));
        walk(Keys.Cron, (key, value) => Try(key, () => CronRun.Check(value)));
    }

    // A lock has no way back to its job, so they are counted: one too many would keep jobs out until its time is over.
    void CheckLocks()
    {
        var holding = 0L;
        walk(Keys.Unique, (key, value) => Try(key, () =>
        {
            var held = UniqueLock.Read(value);
            // With its queue a lock goes by itself, and its row a little later.
            if (held.Home == 0 || names.ContainsKey(held.Home))
                holding++;
        }));
        if (holding > _locksOfJobs)
            findings.Add("locks of unique jobs", $"there are {holding}, and {_locksOfJobs} jobs that hold one: the others keep jobs out until their time is over");
    }

    void CheckExpiry(ReadOnlySpan<byte> key, byte[] value, Predicate<byte[]> isReserved)
    {
        if (key.Length != Keys.TimedLength || value.Length != Keys.LocationLength)
            findings.Add(KeyText.Describe(key), "it is not the expiry of a job");
        else if (names.ContainsKey(Keys.Location(value).QueueId) && (isReserved(value) || database.Get(value) is null))
            findings.Add(KeyText.Describe(key), $"{KeyText.Describe(value)}: it is not in its queue");
    }

    void CheckBatch(ReadOnlySpan<byte> key, byte[] value)
    {
        var bid = Encoding.UTF8.GetString(key[1..]);
        var name = KeyText.Describe(key);
        if (database.Get([Keys.BatchDefinition, .. key[1..]]) is not { } definition)
        {
            findings.Add(name, "what it was asked for is missing");
            return;
        }
        Try(key, () =>
        {
            var batch = Batch.Read(bid, definition, value);
            // Those of a queue that was removed are dropped at the next start.
            var expected = batch.Pending - batch.Queued.Where(q => !names.ContainsKey(q.Key)).Sum(q => q.Value);
            if (expected != _members.GetValueOrDefault(bid))
                findings.Add(name, $"it waits for {expected} jobs that were never executed, and there are {_members.GetValueOrDefault(bid)}");
            if (batch.Failed < 0 || batch.Pending + batch.Failed > batch.Total)
                findings.Add(name, $"of its {batch.Total} jobs {batch.Pending} are pending and {batch.Failed} have failed");
        });
    }

    bool HasExpiry(long expiresAt, ReadOnlySpan<byte> jobKey)
    {
        Span<byte> key = stackalloc byte[Keys.TimedLength];
        return database.Get(Keys.Timed(Keys.Expiry, Math.Max(0, expiresAt), Keys.Location(jobKey).Sequence, key)) is { } noted && jobKey.SequenceEqual(noted);
    }

    // Rows that cannot be read are found when they are walked.
    static byte[] HolderOf(byte[] row)
    {
        try
        {
            return UniqueLock.Read(row).Jid;
        }
        catch (CorruptStorageException)
        {
            return [];
        }
    }

    void Try(ReadOnlySpan<byte> key, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CorruptStorageException or ArgumentException or IOException)
        {
            findings.Add(KeyText.Describe(key), e.Message);
        }
    }
}
