using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BackupScheduler.Archives;

/// <summary>
/// The format of one encrypted object (the STREAM construction that age uses, with AES-256-GCM):
/// <code>
/// object = magic "FCB1" | salt (32 random bytes) | chunk…
/// chunk  = ciphertext of 65,536 plain bytes (the last: 0 to 65,536) | tag (16 bytes)
/// key    = HKDF-SHA256(data key, salt, info "faktory-cloud backup object v1" LF object key)
/// nonce  = chunk number (11 bytes, big-endian) | 1 for the last chunk, else 0 (1 byte)
/// </code>
/// The salt makes a key per written object, so a nonce is never used twice. An object that was changed, cut off at any byte,
/// prolonged, reordered, or put under another object's key does not decrypt. An empty last chunk is valid only as the first.
/// Not thread-safe.
/// </summary>
sealed class ChunkCipher : IDisposable
{
    internal const int ChunkBytes = 1 << 16;
    internal const int TagBytes = 16;
    internal const int SaltBytes = 32;
    internal const int HeaderBytes = 4 + SaltBytes;
    internal const int KeyBytes = 32;
    readonly AesGcm cipher;
    long chunk;

    internal ChunkCipher(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> salt, string objectKey)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, salt, Encoding.UTF8.GetBytes($"faktory-cloud backup object v1\n{objectKey}"));
        cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    internal static ReadOnlySpan<byte> Magic => "FCB1"u8;

    /// <summary>The size of the object that holds <paramref name="plainBytes"/>.</summary>
    internal static long ObjectBytes(long plainBytes) =>
        HeaderBytes + plainBytes + TagBytes * Math.Max(1, (plainBytes + ChunkBytes - 1) / ChunkBytes);

    /// <summary>Writes ciphertext and tag of the next chunk; <paramref name="sealedChunk"/> is 16 bytes longer than <paramref name="plain"/>.</summary>
    internal void Seal(ReadOnlySpan<byte> plain, Span<byte> sealedChunk, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        cipher.Encrypt(NextNonce(nonce, isLast), plain, sealedChunk[..plain.Length], sealedChunk[plain.Length..]);
    }

    /// <exception cref="AuthenticationTagMismatchException">These are not the bytes that were sealed at this place.</exception>
    internal void Open(ReadOnlySpan<byte> sealedChunk, Span<byte> plain, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[12];
        cipher.Decrypt(NextNonce(nonce, isLast), sealedChunk[..plain.Length], sealedChunk[plain.Length..], plain);
    }

    public void Dispose() => cipher.Dispose();

    ReadOnlySpan<byte> NextNonce(Span<byte> nonce, bool isLast)
    {
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], chunk++);
        nonce[11] = isLast ? (byte)1 : (byte)0;
        return nonce;
    }
}
