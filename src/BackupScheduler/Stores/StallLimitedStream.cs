using Amazon.Runtime;

namespace BackupScheduler.Stores;

/// <summary>
/// A network stream whose every read ends within <paramref name="stall"/>: bytes, the end, or the exception that
/// <paramref name="broken"/> makes of the cause (a <see cref="TimeoutException"/> for a stall). Disposes <paramref name="owner"/>.
/// </summary>
sealed class StallLimitedStream(Stream inner, IDisposable owner, TimeSpan stall, TimeProvider clock, Func<Exception, Exception> broken) : PullStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(stall, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw broken(new TimeoutException($"No bytes arrived for {stall.TotalSeconds:0} s."));
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or AmazonClientException)
        {
            throw broken(cut);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner.Dispose();
        }
        base.Dispose(disposing);
    }
}
