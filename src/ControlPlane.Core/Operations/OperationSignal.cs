namespace ControlPlane.Core.Operations;

/// <summary>Wakes the runner of this process. Any number of setters, one waiter; a set with nobody waiting is kept.</summary>
public sealed class OperationSignal : IDisposable
{
    readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        lock (semaphore)
        {
            if (semaphore.CurrentCount == 0)
                semaphore.Release();
        }
    }

    /// <summary>Returns when set, or after <paramref name="atMost"/> of <paramref name="clock"/>.</summary>
    internal async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        using var timeUp = new CancellationTokenSource(atMost, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancel);
        try
        {
            await semaphore.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time is up: poll.
        }
    }

    public void Dispose() => semaphore.Dispose();
}
