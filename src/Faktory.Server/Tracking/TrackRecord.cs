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
readonly record struct TrackRecord(TrackedState State, long UpdatedAt, int? Percent, string Description)
{
    const byte Version = 1;
    const int Fixed = 11;
    const byte NoPercent = 255;

    // 1 state(1) updated_at(8) percent(1) description
    internal byte[] Write()
    {
        var record = new byte[Fixed + Encoding.UTF8.GetByteCount(Description)];
        (record[0], record[1], record[10]) = (Version, (byte)State, (byte?)Percent ?? NoPercent);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(2), UpdatedAt);
        Encoding.UTF8.GetBytes(Description, record.AsSpan(Fixed));
        return record;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal static TrackRecord Read(ReadOnlySpan<byte> record)
    {
        if (record.Length < Fixed || record[0] != Version)
            throw new CorruptStorageException($"not a tracked job of version {Version}: {record.Length} bytes");
        return new TrackRecord(
            (TrackedState)record[1], BinaryPrimitives.ReadInt64BigEndian(record[2..]), record[10] == NoPercent ? null : record[10], Encoding.UTF8.GetString(record[Fixed..]));
    }
}
