namespace ControlPlane.Core.Billing.Clock;

/// <summary>
/// What is due at a moment of the billing clock. Schedules run it in the course of time; when the clock is moved, each stop on the way runs all of it. Running it again at the same moment does
/// nothing more.
/// </summary>
public interface IBillingClockWork
{
    /// <summary>Which comes first: renewals are 10, dunning is 20, releases of shares 30, payouts 40, sending them 50, taking transfers back 60.</summary>
    int Order { get; }

    /// <param name="services">A scope of its own, in the fleet's scope.</param>
    /// <param name="now">The billing clock's time.</param>
    Task RunDueAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancel);
}
