using System.Buffers.Binary;
using Faktory.Server.Scheduling;
using Faktory.Server.Storage;

namespace Faktory.Server.Debouncing;

/// <summary>Which job waits for a key. Stored as <c>due(8) sequence(8) first_at(8) jid</c>.</summary>
/// <param name="Place">Where it stands among the scheduled jobs.</param>
/// <param name="FirstAt">When the first of those that replaced each other came, 100 ns since 1970.</param>
/// <param name="Jid">Its id.</param>
readonly record struct DebounceRecord(TimedKey Place, long FirstAt, byte[] Jid)
{
    const int Fixed = 24;

    internal byte[] Write()
    {
        var bytes = new byte[Fixed + Jid.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Place.DueAt);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Place.Sequence);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), FirstAt);
        Jid.CopyTo(bytes, Fixed);
        return bytes;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of one.</exception>
    internal static DebounceRecord Read(ReadOnlySpan<byte> bytes) => bytes.Length < Fixed
        ? throw new CorruptStorageException($"not a debounced job: {bytes.Length} bytes")
        : new DebounceRecord(
            new TimedKey(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])), BinaryPrimitives.ReadInt64BigEndian(bytes[16..]), bytes[Fixed..].ToArray());
}
