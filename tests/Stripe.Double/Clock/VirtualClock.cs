using Stripe.Double.State;

namespace Stripe.Double.Clock;

/// <summary>
/// Whole seconds since 1970: the given clock and what it was advanced by. While due work runs, and while a customer of a test clock is served, it
/// shows that moment instead.
/// </summary>
sealed class VirtualClock(TimeProvider real)
{
    long? shown;

    internal long OffsetSeconds { get; set; }

    internal long Now => shown ?? real.GetUtcNow().ToUnixTimeSeconds() + OffsetSeconds;

    /// <summary>Shows the moment until disposed.</summary>
    internal Showing Show(long moment)
    {
        var showing = new Showing(this, shown);
        shown = moment;
        return showing;
    }

    internal readonly struct Showing(VirtualClock clock, long? before) : IDisposable
    {
        public void Dispose() => clock.shown = before;
    }

    /// <summary>Shows the frozen time of the test clock that the object belongs to, or stays as it is.</summary>
    internal Showing ShowFor(World world, string? testClock) => Show(world.Store[testClock]?.Int("frozen_time") ?? Now);
}
