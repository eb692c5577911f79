using BackupScheduler.Stores;

namespace BackupScheduler.Instances;

/// <summary>
/// Remembers why a source failed. HttpClient reports a broken source and a broken receiver alike, but a damaged backup and an instance
/// that is away want different answers.
/// </summary>
sealed class RememberingStream(Stream inner) : PullStream
{
    internal Exception? Failure { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failure = failure;
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
