using ControlPlane.Core.Billing.Clock;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Core.Billing;

/// <summary>
/// The time that money goes by: the system's, and ahead of it where somebody has moved it to see a year pass. It only goes forward; how far it is ahead stands in the database, and
/// <see cref="BillingClockPoll"/> keeps every process to it. Safe for any number of callers.
/// </summary>
public sealed class BillingClock(TimeProvider system) : TimeProvider
{
    /// <summary>The key under which it is injected as a <see cref="TimeProvider"/>.</summary>
    public const string Key = "billing";

    long offsetTicks;
    long heldAtTicks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    public override long TimestampFrequency => system.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref heldAtTicks) is var held and > 0 ? new DateTimeOffset(held, TimeSpan.Zero) : system.GetUtcNow() + Ahead;

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => system.CreateTimer(callback, state, dueTime, period);

    /// <summary>Less than it is ahead already changes nothing.</summary>
    internal void Advance(long toTicks)
    {
        for (var known = Interlocked.Read(ref offsetTicks); toTicks > known; known = Interlocked.Read(ref offsetTicks))
            Interlocked.CompareExchange(ref offsetTicks, toTicks, known);
    }

    /// <summary>Stands still while the work of one moment is done, so that all of it is of that moment.</summary>
    internal void HoldAt(DateTimeOffset at) => Interlocked.Exchange(ref heldAtTicks, at.UtcTicks);

    internal void LetGo() => Interlocked.Exchange(ref heldAtTicks, 0);
}

/// <summary>Section <c>Billing</c>.</summary>
public sealed class BillingClockOptions
{
    /// <summary>The operator may move the billing clock forward. Never where real money is billed: it cannot be moved back.</summary>
    public bool ClockIsMovable { get; set; }
}

public static class BillingClockSetup
{
    public static IServiceCollection AddBillingClock(this IServiceCollection services)
    {
        services.TryAddSingleton<BillingClock>();
        services.TryAddKeyedSingleton<TimeProvider>(BillingClock.Key, (provider, _) => provider.GetRequiredService<BillingClock>());
        services.TryAddSingleton<BillingClockWalk>();
        services.AddOptions<BillingClockOptions>().Configure<IServiceProvider>((options, provider) => provider.GetService<IConfiguration>()?.GetSection("Billing").Bind(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BillingClockPoll>());
        return services;
    }
}
