using System.Buffers.Binary;
using Faktory.Server.Storage;

namespace Faktory.Server.Jobs;

/// <summary>
/// A job as it is stored: what the engine needs without reading JSON, then the job's own bytes.
/// <code>
/// 1 reserve_for seconds(4) enqueued_at 100 ns since 1970(8) jid length(2) jid json
/// 2 reserve_for seconds(4) enqueued_at 100 ns since 1970(8) jid length(2) traits length(2) jid traits json
/// </code>
/// </summary>
readonly record struct JobRecord(byte[] Bytes)
{
    const byte Plain = 1;
    const byte WithTraits = 2;
    const int PlainHead = 15;
    const int HeadWithTraits = 17;

    internal static JobRecord Create(ReadOnlySpan<byte> jid, int reserveForSeconds, long enqueuedAt, ReadOnlySpan<byte> traits, ReadOnlySpan<byte> json, ReadOnlySpan<byte> jsonEnd = default)
    {
        var head = traits.IsEmpty ? PlainHead : HeadWithTraits;
        var bytes = new byte[head + jid.Length + traits.Length + json.Length + jsonEnd.Length];
        bytes[0] = traits.IsEmpty ? Plain : WithTraits;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), reserveForSeconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(5), enqueuedAt);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(13), checked((ushort)jid.Length));
        if (!traits.IsEmpty)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(PlainHead), checked((ushort)traits.Length));
        var rest = bytes.AsSpan(head);
        jid.CopyTo(rest);
        traits.CopyTo(rest[jid.Length..]);
        json.CopyTo(rest[(jid.Length + traits.Length)..]);
        jsonEnd.CopyTo(rest[(jid.Length + traits.Length + json.Length)..]);
        return new JobRecord(bytes);
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of a record.</exception>
    internal static JobRecord Read(byte[] bytes)
    {
        var record = new JobRecord(bytes);
        if (bytes.Length < PlainHead || bytes[0] is not (Plain or WithTraits) || bytes.Length < record.Head || bytes.Length < record.JsonOffset)
            throw new CorruptStorageException($"not a job record of version {Plain} or {WithTraits}: {bytes.Length} bytes");
        return record;
    }

    /// <summary>Whether a record that begins with this byte is one of a job with traits.</summary>
    internal static bool HasTraits(byte first) => first == WithTraits;

    internal JobRecord With(JobTraits traits) => Create(Jid, ReserveForSeconds, EnqueuedAt, traits.Write(), Json.Span);

    /// <summary>As the client asked, 0 when it did not.</summary>
    internal int ReserveForSeconds => BinaryPrimitives.ReadInt32BigEndian(Bytes.AsSpan(1));

    /// <summary>100 ns since 1970, 0 while the job is not in a queue.</summary>
    internal long EnqueuedAt => BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(5));

    internal ReadOnlySpan<byte> Jid => Bytes.AsSpan(Head, JidLength);

    /// <summary>As <see cref="JobTraits"/> writes them; empty for most jobs.</summary>
    internal ReadOnlySpan<byte> Traits => Bytes.AsSpan(Head + JidLength, TraitsLength);

    internal ReadOnlyMemory<byte> Json => Bytes.AsMemory(JsonOffset);

    int Head => Bytes[0] == Plain ? PlainHead : HeadWithTraits;

    int JidLength => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(13));

    int TraitsLength => Bytes[0] == Plain ? 0 : BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(PlainHead));

    int JsonOffset => Head + JidLength + TraitsLength;
}
