namespace Faktory.Server.Storage;

/// <summary>How many jobs of each kind there are.</summary>
sealed record JobCounts(long Queued, long Scheduled, long Retries, long Dead, long Working)
{
    internal string Describe() => $"{Queued} queued, {Scheduled} scheduled, {Retries} to be retried, {Dead} dead, {Working} at work";
}

/// <summary>Counts a store's jobs one by one, whatever its counters say: reading every record is what finds damage.</summary>
static class StoredJobs
{
    /// <exception cref="CorruptStorageException">A record cannot be read.</exception>
    internal static JobCounts Count(RocksDatabase database)
    {
        var working = Count(database, Keys.Reservation);
        return new JobCounts(
            Count(database, Keys.Job) - working, Count(database, Keys.Scheduled), Count(database, Keys.Retries), Count(database, Keys.Dead), working);
    }

    static long Count(RocksDatabase database, byte kind)
    {
        var count = 0L;
        using var jobs = database.Scan([kind], [(byte)(kind + 1)]);
        for (; jobs.IsValid; jobs.Next())
            count++;
        return count;
    }
}
