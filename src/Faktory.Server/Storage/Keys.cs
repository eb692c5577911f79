using System.Buffers.Binary;
using System.Text;

namespace Faktory.Server.Storage;

/// <summary>Where a job's bytes are while it is queued or reserved.</summary>
/// <param name="QueueId">The number the queue's name stands for.</param>
/// <param name="Lane">10 − priority, so 1 is fetched first and 9 last.</param>
/// <param name="Sequence">Unique in this store, growing: the order within a lane.</param>
readonly record struct JobLocation(uint QueueId, byte Lane, ulong Sequence);

/// <summary>
/// The key format, version 1. Numbers are big-endian, so that keys sort as the numbers do.
/// <code>
/// q queue(4) lane(1) sequence(8)   a job, queued or reserved          value: JobRecord
/// w queue(4) lane(1) sequence(8)   the reservation of that job        value: ReservationRecord
/// s r d  due(8) sequence(8)        scheduled, to be retried, dead     value: JobRecord
/// n name                           a queue                            value: QueueRecord
/// u key(16)                        the lock of a unique job           value: UniqueLock
/// x  due(8) sequence(8)            when a queued job expires          value: its key (q …)
/// b bid                            a batch as it stands                value: Batch, what changes
/// B bid                            a batch as it was asked for         value: Batch, what does not
/// c id                             a cron entry                      value: CronRun
/// t jid                            what is tracked of a job            value: TrackRecord
/// D key(16)                        the scheduled job that the next one replaces   value: DebounceRecord
/// m v | m c | m l queue(4) lane(1) format version, counters, a lane's head and count
/// m h day(4)                       a day since 1970, UTC               value: processed(8) failures(8)
/// </code>
/// </summary>
static class Keys
{
    internal const uint FormatVersion = 1;

    internal const byte Job = (byte)'q';
    internal const byte Reservation = (byte)'w';
    internal const byte Scheduled = (byte)'s';
    internal const byte Retries = (byte)'r';
    internal const byte Dead = (byte)'d';
    internal const byte Name = (byte)'n';
    internal const byte Meta = (byte)'m';
    internal const byte Unique = (byte)'u';
    internal const byte Expiry = (byte)'x';
    internal const byte Batch = (byte)'b';
    internal const byte BatchDefinition = (byte)'B';
    internal const byte Track = (byte)'t';
    internal const byte Cron = (byte)'c';
    internal const byte Debounce = (byte)'D';

    internal const int LocationLength = 14;
    internal const int TimedLength = 17;
    internal const int LaneMetaLength = 7;

    internal static ReadOnlySpan<byte> Version => "mv"u8;

    internal static ReadOnlySpan<byte> Counters => "mc"u8;

    internal static ReadOnlySpan<byte> LaneMetaStart => "ml"u8;

    internal static ReadOnlySpan<byte> LaneMetaEnd => "mm"u8;

    /// <summary>The row of a day in the history.</summary>
    internal static byte[] History(int day)
    {
        var key = new byte[] { Meta, (byte)'h', 0, 0, 0, 0 };
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(2), day);
        return key;
    }

    internal static int HistoryDay(ReadOnlySpan<byte> historyKey) => BinaryPrimitives.ReadInt32BigEndian(historyKey[2..]);

    /// <summary>The <see cref="Job"/> or <see cref="Reservation"/> key of a job.</summary>
    internal static ReadOnlySpan<byte> At(byte kind, JobLocation location, Span<byte> key)
    {
        key[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(key[1..], location.QueueId);
        key[5] = location.Lane;
        BinaryPrimitives.WriteUInt64BigEndian(key[6..], location.Sequence);
        return key[..LocationLength];
    }

    internal static JobLocation Location(ReadOnlySpan<byte> key) => new(
        BinaryPrimitives.ReadUInt32BigEndian(key[1..]), key[5], BinaryPrimitives.ReadUInt64BigEndian(key[6..]));

    /// <summary>A key of one of the sets ordered by time. <paramref name="due"/> is in 100 ns since 1970 and not negative.</summary>
    internal static ReadOnlySpan<byte> Timed(byte set, long due, ulong sequence, Span<byte> key)
    {
        key[0] = set;
        BinaryPrimitives.WriteInt64BigEndian(key[1..], due);
        BinaryPrimitives.WriteUInt64BigEndian(key[9..], sequence);
        return key[..TimedLength];
    }

    internal static long Due(ReadOnlySpan<byte> timedKey) => BinaryPrimitives.ReadInt64BigEndian(timedKey[1..]);

    internal static ulong TimedSequence(ReadOnlySpan<byte> timedKey) => BinaryPrimitives.ReadUInt64BigEndian(timedKey[9..]);

    internal static byte[] QueueName(string name) => [Name, .. Encoding.UTF8.GetBytes(name)];

    internal static ReadOnlySpan<byte> LaneMeta(uint queueId, byte lane, Span<byte> key)
    {
        LaneMetaStart.CopyTo(key);
        BinaryPrimitives.WriteUInt32BigEndian(key[2..], queueId);
        key[6] = lane;
        return key[..LaneMetaLength];
    }

    internal static (uint QueueId, byte Lane) LaneOf(ReadOnlySpan<byte> laneMetaKey) =>
        (BinaryPrimitives.ReadUInt32BigEndian(laneMetaKey[2..]), laneMetaKey[6]);
}
