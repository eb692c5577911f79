using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Core.Billing.Stripe.Transfers;

public static class StripeTransfersSetup
{
    /// <summary>Payouts by Stripe, where there is a key for it. After AddStripe and AddLedgerRounds.</summary>
    public static IServiceCollection AddStripeTransfers(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Billing:Stripe:Key"] is not { Length: > 0 })
            return services;
        services.TryAddSingleton<PartyOnboarding>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPayoutRail, StripeTransferRail>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReversibleRail, StripeReversals>());
        return services;
    }
}
