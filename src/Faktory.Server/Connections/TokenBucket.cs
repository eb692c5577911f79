namespace Faktory.Server.Connections;

/// <summary>So many at once, and within each <paramref name="period"/> as many again. Not for several threads at a time.</summary>
sealed class TokenBucket(TimeProvider clock, TimeSpan period)
{
    long _at = clock.GetTimestamp();
    double _taken;

    /// <summary>Nothing is owed: it may be forgotten.</summary>
    internal bool IsFull(int size)
    {
        Refill(size);
        return _taken == 0;
    }

    internal bool TryTake(int size)
    {
        Refill(size);
        if (_taken + 1 > size)
            return false;
        _taken++;
        return true;
    }

    /// <summary>How long until one can be taken; zero when one can.</summary>
    internal TimeSpan FreeIn(int size)
    {
        Refill(size);
        return Math.Max(0, _taken + 1 - size) / size * period;
    }

    internal void GiveBack() => _taken = Math.Max(0, _taken - 1);

    void Refill(int size)
    {
        var now = clock.GetTimestamp();
        _taken = Math.Max(0, _taken - clock.GetElapsedTime(_at, now) / period * size);
        _at = now;
    }
}
