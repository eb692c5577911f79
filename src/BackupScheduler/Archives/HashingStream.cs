using System.Security.Cryptography;
using BackupScheduler.Stores;

namespace BackupScheduler.Archives;

/// <summary>Passes bytes through and remembers how many they were and their SHA-256.</summary>
sealed class HashingStream(Stream inner) : PullStream
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    internal long Bytes { get; private set; }

    /// <summary>Lower-case hex of what has passed so far.</summary>
    internal string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..read]);
        Bytes += read;
        return read;
    }

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
