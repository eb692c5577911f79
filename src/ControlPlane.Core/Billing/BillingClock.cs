using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Core.Billing;

/// <summary>The time that money goes by: the system's.</summary>
public sealed class BillingClock(TimeProvider system) : TimeProvider
{
    /// <summary>The key under which it is injected as a <see cref="TimeProvider"/>.</summary>
    public const string Key = "billing";

    public override DateTimeOffset GetUtcNow() => system.GetUtcNow();
}

public static class BillingClockSetup
{
    public static IServiceCollection AddBillingClock(this IServiceCollection services)
    {
        services.TryAddSingleton<BillingClock>();
        services.TryAddKeyedSingleton<TimeProvider>(BillingClock.Key, (provider, _) => provider.GetRequiredService<BillingClock>());
        return services;
    }
}
