namespace Faktory.Server.Storage;

/// <summary>
/// Takes the ballast at once, or when a disk that was full has room again, so that the next time it fills up there is one to free without a
/// restart in between. Looks no more once it is held: who frees it by hand has a reason.
/// </summary>
sealed class BallastWatch : IDisposable
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    readonly object _gate = new();
    readonly Ballast _ballast;
    readonly Func<long, long> _freeBytesMin;
    readonly ITimer _timer;
    bool _isOver;

    BallastWatch(Ballast ballast, Func<long, long> freeBytesMin, TimeProvider clock)
    {
        (_ballast, _freeBytesMin) = (ballast, freeBytesMin);
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <param name="ballast">Belongs to the watch until that is disposed.</param>
    /// <param name="freeBytesMin">How many bytes have to be left besides, on a disk of that size. Called on any thread.</param>
    /// <param name="clock">Says when to look.</param>
    internal static BallastWatch Start(Ballast ballast, Func<long, long> freeBytesMin, TimeProvider clock)
    {
        var watch = new BallastWatch(ballast, freeBytesMin, clock);
        watch.Look();
        return watch;
    }

    /// <summary>Nothing is taken after this.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer.Dispose();
        }
    }

    void Look()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _ballast.HoldIfRoom(_freeBytesMin);
            if (_ballast.IsHeld)
                Dispose();
        }
    }
}
