using ControlPlane.Core.Billing.Reconciliation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Billing.Stripe.Reconciliation;

public static class StripeReconciliationSetup
{
    /// <summary>Comparing with Stripe, where there is a key for it. After AddStripe and AddReconciling.</summary>
    public static IServiceCollection AddStripeReconciliation(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Billing:Stripe:Key"] is not { Length: > 0 })
            return services;
        return services.AddSingleton<IStripeObject, MovementConvergence>().AddSingleton<IEventReading, StripeEventReading>()
            .AddSingleton<IComparison, SubscriptionComparison>().AddSingleton<IComparison, InvoiceComparison>().AddSingleton<IComparison, MovementComparison>().AddSingleton<IComparison, BalanceComparison>()
            .AddSingleton<IComparison, TransferComparison>().AddSingleton<IComparison, AccountComparison>();
    }
}
