using System.Buffers.Binary;
using System.Text;
using Faktory.Server.Jobs;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Workers;

/// <summary>A job at work. <see cref="DueItem.DueAt"/> is its end on the steady clock.</summary>
/// <param name="location">Where the job's bytes are.</param>
/// <param name="jid">The job's id.</param>
/// <param name="wid">The worker process, empty when it gave no name.</param>
/// <param name="reservedAt">100 ns since 1970.</param>
/// <param name="traits">As <see cref="JobTraits"/> writes them; empty for most jobs.</param>
sealed class Reservation(JobLocation location, byte[] jid, string wid, long reservedAt, byte[] traits) : DueItem
{
    const byte Plain = 1;
    const byte WithTraits = 2;
    const int Fixed = 21;

    const int SecondsDefault = 1800;
    const int SecondsMin = 60;

    /// <summary>How long a job is reserved when its client asked for <paramref name="asked"/> seconds; 0 is not asked.</summary>
    internal static long SecondsFor(int asked) => asked == 0 ? SecondsDefault : Math.Max(asked, SecondsMin);

    internal JobLocation Location => location;
    internal byte[] Jid => jid;
    internal string Wid => wid;
    internal long ReservedAt => reservedAt;
    internal JobTraits Traits => JobTraits.Read(traits);

    /// <summary>It has neither been acknowledged nor failed nor ended.</summary>
    internal bool IsHeld => HeapIndex != NotInHeap;

    /// <summary>Another one with the same jid: clients may push a jid twice.</summary>
    internal Reservation? NextOfSameJid { get; set; }

    // 1 or 2, expires_at(8) reserved_at(8), 100 ns since 1970; jid length(2) wid length(2) jid wid; with 2, traits
    internal byte[] Write(long expiresAt)
    {
        var widLength = Encoding.UTF8.GetByteCount(wid);
        var record = new byte[Fixed + jid.Length + widLength + traits.Length];
        record[0] = traits.Length == 0 ? Plain : WithTraits;
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(1), expiresAt);
        BinaryPrimitives.WriteInt64BigEndian(record.AsSpan(9), reservedAt);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(17), checked((ushort)jid.Length));
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(19), checked((ushort)widLength));
        jid.CopyTo(record, Fixed);
        Encoding.UTF8.GetBytes(wid, record.AsSpan(Fixed + jid.Length));
        traits.CopyTo(record, Fixed + jid.Length + widLength);
        return record;
    }

    internal static Reservation Read(JobLocation location, ReadOnlySpan<byte> record, out long expiresAt)
    {
        if (record.Length < Fixed || record[0] is not (Plain or WithTraits))
            throw new CorruptStorageException($"not a reservation of version {Plain} or {WithTraits}: {record.Length} bytes");
        expiresAt = BinaryPrimitives.ReadInt64BigEndian(record[1..]);
        var reservedAt = BinaryPrimitives.ReadInt64BigEndian(record[9..]);
        var jidLength = BinaryPrimitives.ReadUInt16BigEndian(record[17..]);
        var rest = record[(Fixed + jidLength)..];
        var widLength = record[0] == Plain ? rest.Length : BinaryPrimitives.ReadUInt16BigEndian(record[19..]);
        return new Reservation(location, record.Slice(Fixed, jidLength).ToArray(), Encoding.UTF8.GetString(rest[..widLength]), reservedAt, rest[widLength..].ToArray());
    }
}
