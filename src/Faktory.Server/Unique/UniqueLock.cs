using System.Buffers.Binary;
using Faktory.Server.Storage;

namespace Faktory.Server.Unique;

/// <summary>That a job is the only one of its kind for a time. Stored as <c>expires_at(8) home(4) jid</c>.</summary>
/// <param name="ExpiresAt">100 ns since 1970.</param>
/// <param name="Home">The number of the queue it is in; 0 while it is scheduled, at work, or to be retried. A lock whose queue is gone holds nothing.</param>
/// <param name="Jid">Who holds it.</param>
readonly record struct UniqueLock(long ExpiresAt, uint Home, byte[] Jid)
{
    const int Fixed = 12;

    internal byte[] Write()
    {
        var bytes = new byte[Fixed + Jid.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ExpiresAt);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Home);
        Jid.CopyTo(bytes, Fixed);
        return bytes;
    }

    /// <exception cref="CorruptStorageException">These are not the bytes of a lock.</exception>
    internal static UniqueLock Read(ReadOnlySpan<byte> bytes) => bytes.Length < Fixed
        ? throw new CorruptStorageException($"not a lock of a unique job: {bytes.Length} bytes")
        : new UniqueLock(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), bytes[Fixed..].ToArray());
}
