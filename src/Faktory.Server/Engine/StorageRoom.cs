using Faktory.Server.Storage;

namespace Faktory.Server.Engine;

/// <summary>
/// Whether there is room for more jobs on disk. Deleted jobs take room until they are compacted away, so a full store is compacted,
/// at most every few seconds, until it has room again. Belongs to the engine's thread.
/// </summary>
sealed class StorageRoom(JobStore store, TimeProvider clock)
{
    static readonly TimeSpan MeasureEvery = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LookAtDiskEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan CompactEvery = TimeSpan.FromSeconds(5);

    // A write buffer on its way into a file, and a compaction of the first few: what it takes to go on acknowledging.
    const long SmallDiskFreeBytesMin = 24 << 20;

    long _measuredAt = long.MinValue;
    long _lookedAtDiskAt = long.MinValue;
    long _compactedAt = long.MinValue;
    long _usedBytes;
    long _diskFreeBytes = long.MaxValue;
    long _diskBytes;

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
        if (IsTime(ref _lookedAtDiskAt, LookAtDiskEvery))
            (_diskFreeBytes, _diskBytes) = store.Disk();
        return _diskFreeBytes < Math.Min(limits.DiskFreeBytesMin, Math.Max(SmallDiskFreeBytesMin, _diskBytes / 10))
            ? $"the server's disk is full: {_diskFreeBytes} bytes are left; jobs can only be fetched and acknowledged"
            : null;
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
