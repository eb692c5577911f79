using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Core.Billing.Inbox;

public static class InboxSetup
{
    /// <summary>For a process that takes events in, or shows them.</summary>
    public static IServiceCollection AddInbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics().Configure<InboxOptions>(configuration.GetSection("Billing:Inbox"));
        services.TryAddSingleton<InboxMetrics>();
        return services;
    }

    /// <summary>For a process that applies them. <see cref="Random"/> and the convergence are registered besides.</summary>
    /// <param name="runs">Whether it works by itself; tests call <see cref="InboxApplying"/>.</param>
    public static IServiceCollection AddInboxWorker(this IServiceCollection services, IConfiguration configuration, bool runs)
    {
        services.AddInbox(configuration).AddSingleton<InboxApplying>();
        return runs ? services.AddHostedService<InboxWorker>() : services;
    }
}
