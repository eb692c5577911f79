namespace Faktory.Server.Throttling;

/// <summary>Tokens that come at a steady rate and are kept up to a number: the usual limiter. Full at first. Times are in 100 ns of the steady clock.</summary>
sealed class TokenBucket(RateRule rule, long now)
{
    readonly double _perTick = (double)rule.Count / rule.Period.Ticks;
    double _tokens = rule.Burst;
    long _filledAt = now;

    internal RateRule Rule => rule;

    /// <summary>How many may be taken; negative when some were taken ahead of time.</summary>
    internal double Tokens(long now)
    {
        if (now > _filledAt)
        {
            _tokens = Math.Min(rule.Burst, _tokens + (now - _filledAt) * _perTick);
            _filledAt = now;
        }
        return _tokens;
    }

    /// <summary>How long there will be no token; zero when there is one.</summary>
    internal long WaitFor(long now) => Math.Max(0, (long)Math.Ceiling((1 - Tokens(now)) / _perTick));

    /// <summary>Takes one, also ahead of time: the next is then there so much later.</summary>
    internal void Take(long now) => _tokens = Tokens(now) - 1;
}
