using System.Security.Cryptography;
using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>Yields the encrypted object (<see cref="ChunkCipher"/>) of what another stream yields.</summary>
sealed class EncryptingStream : PullStream
{
    readonly Stream plain;
    readonly ChunkCipher cipher;
    // One byte more than a chunk: only a byte beyond it shows that a full chunk is not the last.
    readonly byte[] ahead = new byte[ChunkCipher.ChunkBytes + 1];
    readonly byte[] output = new byte[ChunkCipher.ChunkBytes + ChunkCipher.TagBytes];
    ReadOnlyMemory<byte> ready;
    int held;
    bool isDone;

    internal EncryptingStream(Stream plain, ReadOnlySpan<byte> dataKey, string objectKey)
    {
        this.plain = plain;
        var header = output.AsMemory(0, ChunkCipher.HeaderBytes);
        ChunkCipher.Magic.CopyTo(header.Span);
        RandomNumberGenerator.Fill(header.Span[ChunkCipher.Magic.Length..]);
        cipher = new ChunkCipher(dataKey, header.Span[ChunkCipher.Magic.Length..], objectKey);
        ready = header;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ready.IsEmpty && !isDone)
            await SealNextAsync(cancellationToken);
        var count = Math.Min(buffer.Length, ready.Length);
        ready[..count].CopyTo(buffer);
        ready = ready[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            cipher.Dispose();
        base.Dispose(disposing);
    }

    async Task SealNextAsync(CancellationToken cancel)
    {
        held += await plain.ReadAtLeastAsync(ahead.AsMemory(held), ahead.Length - held, throwOnEndOfStream: false, cancel);
        isDone = held <= ChunkCipher.ChunkBytes;
        var count = Math.Min(held, ChunkCipher.ChunkBytes);
        var sealedChunk = output.AsMemory(0, count + ChunkCipher.TagBytes);
        cipher.Seal(ahead.AsSpan(0, count), sealedChunk.Span, isDone);
        held -= count;
        ahead[0] = ahead[^1];
        ready = sealedChunk;
    }
}
