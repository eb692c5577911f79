using System.Security.Cryptography;
using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>
/// Passes bytes through and compares them with what was announced: more bytes, fewer, or others throw what <paramref name="differs"/> makes,
/// at the latest in place of the end.
/// </summary>
sealed class HashingStream(Stream inner, long bytes, string sha256, Func<Exception> differs) : PullStream
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long passed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..read]);
        passed += read;
        if (passed > bytes || (read == 0 && buffer.Length > 0 && !IsAsAnnounced))
            throw differs();
        return read;
    }

    bool IsAsAnnounced => passed == bytes && string.Equals(Convert.ToHexStringLower(hash.GetCurrentHash()), sha256, StringComparison.OrdinalIgnoreCase);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
