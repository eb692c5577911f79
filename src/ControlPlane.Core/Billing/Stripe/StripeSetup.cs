using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Stripe;

public static class StripeSetup
{
    /// <summary>For the processes that have Stripe's key.</summary>
    public static IServiceCollection AddStripe(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<StripeOptions>(configuration.GetSection("Billing:Stripe"));
        services.TryAddSingleton(provider => StripeConnection.NewClient(provider.GetRequiredService<IOptions<StripeOptions>>().Value));
        services.TryAddSingleton<IStripeConvergence, StripeConvergence>();
        return services;
    }
}
