using System.Buffers.Binary;
using Faktory.Server.Storage;

namespace Faktory.Server.Jobs;

/// <summary>
/// A job as it is stored: what the engine needs without reading JSON, then the job's own bytes.
/// <code>version(1) reserve_for seconds(4) enqueued_at 100 ns since 1970(8) jid length(2) jid json</code>
/// </summary>
readonly record struct JobRecord(byte[] Bytes)
{
    const byte Version = 1;
    const int JidOffset = 15;

    internal static JobRecord Create(ReadOnlySpan<byte> jid, int reserveForSeconds, long enqueuedAt, ReadOnlySpan<byte> json, ReadOnlySpan<byte> jsonEnd = default)
    {
        var bytes = new byte[JidOffset + jid.Length + json.Length + jsonEnd.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), reserveForSeconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(5), enqueuedAt);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(13), checked((ushort)jid.Length));
        jid.CopyTo(bytes.AsSpan(JidOffset));
        json.CopyTo(bytes.AsSpan(JidOffset + jid.Length));
        jsonEnd.CopyTo(bytes.AsSpan(JidOffset + jid.Length + json.Length));
        return new JobRecord(bytes);
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of a record.</exception>
    internal static JobRecord Read(byte[] bytes)
    {
        if (bytes.Length < JidOffset || bytes[0] != Version || bytes.Length < JidOffset + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(13)))
            throw new CorruptStorageException($"not a job record of version {Version}: {bytes.Length} bytes");
        return new JobRecord(bytes);
    }

    /// <summary>As the client asked, 0 when it did not.</summary>
    internal int ReserveForSeconds => BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(1));

    /// <summary>100 ns since 1970, 0 while the job is not in a queue.</summary>
    internal long EnqueuedAt => BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(5));

    internal ReadOnlySpan<byte> Jid => Bytes.AsSpan(JidOffset, BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(13)));

    internal ReadOnlyMemory<byte> Json => Bytes.AsMemory(JidOffset + BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(13)));
}
