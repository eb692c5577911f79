using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// Whether there is room for more jobs on disk. Deleted jobs take room until they are compacted away, so a full store is compacted,
/// at most every few seconds, until it has room again. Belongs to whoever runs the engine.
/// </summary>
/// <param name="store">Whose room it is.</param>
/// <param name="disk">How many bytes are free on its disk, and how many there are.</param>
/// <param name="clock">Says when to measure again.</param>
sealed class StorageRoom(JobStore store, Func<(long Free, long Total)> disk, TimeProvider clock)
{
    static readonly TimeSpan MeasureEvery = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LookAtDiskEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan CompactEvery = TimeSpan.FromSeconds(5);

    const long LookAtDiskAfterBytes = 4 << 20;

    // A write buffer on its way into a file, and a compaction of the first few: what it takes to go on acknowledging.
    const long SmallDiskFreeBytesMin = 24 << 20;

    long _measuredAt = long.MinValue;
    long _lookedAtDiskAt = long.MinValue;
    long _compactedAt = long.MinValue;
    long _usedBytes;
    long _diskFreeBytes = long.MaxValue;
    long _diskBytes;
    long _changedBytesAtLook;

    /// <summary>What the store takes on disk and in the write buffers that are about to go there.</summary>
    internal long UsedBytes
    {
        get
        {
            if (IsTime(ref _measuredAt, MeasureEvery))
                _usedBytes = (long)(store.Database.Property("rocksdb.total-sst-files-size") + store.Database.Property("rocksdb.cur-size-all-mem-tables"));
            return _usedBytes;
        }
    }

    /// <summary>What to tell a client that pushes; null when there is room.</summary>
    internal string? Refuse(EngineLimits limits)
    {
        if (limits.StorageBytesMax is { } max && UsedBytes >= max)
        {
            MakeRoom();
            return $"storage is full: {UsedBytes} of {max} bytes are used; fetch jobs or delete some to make room";
        }
        var free = DiskFreeBytes();
        return free < FreeBytesMin(limits, _diskBytes)
            ? $"the server's disk is full: {free} bytes are left; below {FreeBytesMin(limits, _diskBytes)} jobs can only be fetched and acknowledged"
            : null;
    }

    /// <summary>How many bytes have to be free on a disk of that size for jobs to be taken.</summary>
    internal static long FreeBytesMin(EngineLimits limits, long diskBytes) => Math.Min(limits.DiskFreeBytesMin, Math.Max(SmallDiskFreeBytesMin, diskBytes / 10));

    // Asking the file system for every job would cost more than the job: between two looks, what was written since is taken off,
    // once for the log and once for the file it will be flushed to.
    long DiskFreeBytes()
    {
        var sinceLook = 2 * (store.ChangedBytes - _changedBytesAtLook);
        if (sinceLook > LookAtDiskAfterBytes || IsTime(ref _lookedAtDiskAt, LookAtDiskEvery))
        {
            (_diskFreeBytes, _diskBytes) = disk();
            _changedBytesAtLook = store.ChangedBytes;
            sinceLook = 0;
        }
        return Math.Max(0, _diskFreeBytes - sinceLook);
    }

    void MakeRoom()
    {
        if (IsTime(ref _compactedAt, CompactEvery))
            store.CompactInBackground();
    }

    bool IsTime(ref long last, TimeSpan every)
    {
        var now = clock.GetTimestamp();
        if (last != long.MinValue && clock.GetElapsedTime(last, now) < every)
            return false;
        last = now;
        return true;
    }
}
