namespace Faktory.Client;

/// <summary>One job in the hands of its handler. Any thread may call it.</summary>
sealed class Run : IAsyncDisposable
{
    readonly CancellationTokenSource _cancel;
    readonly Lock _gate = new();
    bool _isClaimed;
    Task _cancelling = Task.CompletedTask;

    internal Run(FaktoryJob job, CancellationToken aborted)
    {
        Job = job;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    }

    internal FaktoryJob Job { get; }

    /// <summary>Set when the job was cancelled or the worker ends.</summary>
    internal CancellationToken Token => _cancel.Token;

    /// <summary>True for the first caller only: it reports.</summary>
    internal bool Claim()
    {
        lock (_gate)
            return !_isClaimed && (_isClaimed = true);
    }

    /// <summary>Tells the handler that the job is over. False when that was reported already; otherwise nobody reports any more.</summary>
    internal bool Cancel()
    {
        lock (_gate)
        {
            if (_isClaimed)
                return false;
            _isClaimed = true;
            _cancelling = _cancel.CancelAsync();
            return true;
        }
    }

    /// <summary>Once it is claimed and its handler has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Task cancelling;
        lock (_gate)
            cancelling = _cancelling;
        // What a handler's own callbacks throw is nobody's to hear any more.
        await cancelling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancel.Dispose();
    }
}
