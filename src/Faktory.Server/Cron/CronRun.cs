using System.Buffers.Binary;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Cron;

/// <summary>An entry as it stands. <see cref="DueItem.DueAt"/> is its next time, 100 ns since 1970. Belongs to whoever runs the engine.</summary>
sealed class CronRun(CronEntry entry) : DueItem
{
    const byte Version = 1;
    const int Length = 18;

    internal CronEntry Entry => entry;

    /// <summary>The last time that is settled, whether it ran or was skipped. 100 ns since 1970.</summary>
    internal long SettledAt { get; set; }

    /// <summary>When it was last enqueued; 0 for never. 100 ns since 1970.</summary>
    internal long LastRunAt { get; set; }

    internal bool IsPaused { get; set; }

    /// <summary>Why the last run was not enqueued; null when it was. Not stored.</summary>
    internal string? Problem { get; set; }

    // 1 flags(1) settled_at(8) last_run_at(8)
    internal byte[] Write()
    {
        var record = new byte[Length];
        (record[0], record[1]) = (Version, IsPaused ? (byte)1 : (byte)0);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(2), SettledAt);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(10), LastRunAt);
        return record;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal static void Check(ReadOnlySpan<byte> record)
    {
        if (record.Length != Length || record[0] != Version)
            throw new CorruptStorageException($"not a cron entry's state of version {Version}: {record.Length} bytes");
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal void Read(ReadOnlySpan<byte> record)
    {
        Check(record);
        IsPaused = record[1] != 0;
        SettledAt = BinaryPrimitives.ReadInt64BigEndian(record[2..]);
        LastRunAt = BinaryPrimitives.ReadInt64BigEndian(record[10..]);
    }
}
