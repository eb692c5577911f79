using System.Security.Cryptography;
using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>
/// Yields the plain bytes of an encrypted object (<see cref="ChunkCipher"/>), each only after its chunk was authenticated.
/// Throws <see cref="BackupDamagedException"/> at the first chunk that is not what was stored, and at an early end.
/// </summary>
sealed class DecryptingStream(Stream sealedBytes, byte[] dataKey, string objectKey) : PullStream
{
    const int SealedChunkBytes = ChunkCipher.ChunkBytes + ChunkCipher.TagBytes;
    readonly byte[] ahead = new byte[SealedChunkBytes + 1];
    readonly byte[] output = new byte[ChunkCipher.ChunkBytes];
    ReadOnlyMemory<byte> ready;
    ChunkCipher? cipher;
    int held;
    bool isFirst = true;
    bool isDone;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cipher ??= await ReadHeaderAsync(cancellationToken);
        if (ready.IsEmpty && !isDone)
            await OpenNextAsync(cipher, cancellationToken);
        var count = Math.Min(buffer.Length, ready.Length);
        ready[..count].CopyTo(buffer);
        ready = ready[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher?.Dispose();
            sealedBytes.Dispose();
        }
        base.Dispose(disposing);
    }

    async Task<ChunkCipher> ReadHeaderAsync(CancellationToken cancel)
    {
        var header = new byte[ChunkCipher.HeaderBytes];
        var read = await sealedBytes.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancel);
        if (read < header.Length || !header.AsSpan().StartsWith(ChunkCipher.Magic))
            throw new BackupDamagedException($"The object '{objectKey}' does not start like a backup's object.");
        return new ChunkCipher(dataKey, header.AsSpan(ChunkCipher.Magic.Length), objectKey);
    }

    async Task OpenNextAsync(ChunkCipher opener, CancellationToken cancel)
    {
        held += await sealedBytes.ReadAtLeastAsync(ahead.AsMemory(held), ahead.Length - held, throwOnEndOfStream: false, cancel);
        isDone = held <= SealedChunkBytes;
        var count = Math.Min(held, SealedChunkBytes);
        var plain = output.AsMemory(0, Math.Max(0, count - ChunkCipher.TagBytes));
        if (count < ChunkCipher.TagBytes || (plain.IsEmpty && !isFirst))
            throw new BackupDamagedException($"The object '{objectKey}' is cut off.");
        try
        {
            opener.Open(ahead.AsSpan(0, count), plain.Span, isDone);
        }
        catch (AuthenticationTagMismatchException changed)
        {
            throw new BackupDamagedException($"The object '{objectKey}' is not what was stored: it was changed, cut off or exchanged.", changed);
        }
        isFirst = false;
        held -= count;
        ahead[0] = ahead[^1];
        ready = plain;
    }
}
