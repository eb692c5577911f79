using System.Buffers.Binary;
using System.Text;
using Faktory.Server.Storage;

namespace Faktory.Server.Tracking;

/// <summary>Where a tracked job is. Stored.</summary>
enum TrackedState : byte
{
    /// <summary>Nothing is known, or it was deleted or has expired.</summary>
    Unknown = 0,
    Enqueued = 1,
    Working = 2,
    Success = 3,
    Failed = 4,
    Dead = 5,
}

/// <summary>What is kept of a tracked job.</summary>
/// <param name="State">Where it is.</param>
/// <param name="UpdatedAt">100 ns since 1970.</param>
/// <param name="Percent">0 to 100 as its worker said, or null.</param>
/// <param name="Description">As its worker said; may be empty.</param>
/// <param name="Home">The number of the queue it waits in; 0 while it is anywhere else. One whose queue is gone is gone with it.</param>
readonly record struct TrackRecord(TrackedState State, long UpdatedAt, int? Percent, string Description, uint Home = 0)
{
    const byte Homeless = 1;
    const byte WithHome = 2;
    const int HomelessHead = 11;
    const int HeadWithHome = 15;
    const byte NoPercent = 255;

    // 1 state(1) updated_at(8) percent(1) description
    // 2 state(1) updated_at(8) percent(1) home(4) description
    internal byte[] Write()
    {
        var head = Home == 0 ? HomelessHead : HeadWithHome;
        var record = new byte[head + Encoding.UTF8.GetByteCount(Description)];
        (record[0], record[1], record[10]) = (Home == 0 ? Homeless : WithHome, (byte)State, (byte?)Percent ?? NoPercent);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(2), UpdatedAt);
        if (Home != 0)
            BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(HomelessHead), Home);
        Encoding.UTF8.GetBytes(Description, record.AsSpan(head));
        return record;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal static TrackRecord Read(ReadOnlySpan<byte> record)
    {
        var head = record is [WithHome, ..] ? HeadWithHome : HomelessHead;
        if (record.Length < head || record[0] is not (Homeless or WithHome))
            throw new CorruptStorageException($"not a tracked job of version {Homeless} or {WithHome}: {record.Length} bytes");
        return new TrackRecord(
            (TrackedState)record[1], BinaryPrimitives.ReadInt64BigEndian(record[2..]), record[10] == NoPercent ? null : record[10], Encoding.UTF8.GetString(record[head..]),
            head == HeadWithHome ? BinaryPrimitives.ReadUInt32BigEndian(record[HomelessHead..]) : 0);
    }
}
