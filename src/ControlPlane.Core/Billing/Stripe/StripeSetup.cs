using ControlPlane.Core.Billing.Clock;
using ControlPlane.Core.Billing.Stripe.Catalogue;
using ControlPlane.Core.Billing.Stripe.Convergence;
using ControlPlane.Core.Billing.Stripe.Purchases;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing.Stripe;

public static class StripeSetup
{
    /// <summary>For the processes that bill. Without a key nothing of it is used: the provider, its pages and its rounds are not there.</summary>
    public static IServiceCollection AddStripe(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Billing:Stripe");
        services.Configure<StripeOptions>(section);
        services.TryAddSingleton(provider => StripeConnection.NewClient(provider.GetRequiredService<IOptions<StripeOptions>>().Value));
        services.AddConvergence();
        services.AddSingleton<StripePrices>().AddSingleton<StripeReductions>().AddSingleton<StripeCatalogue>();
        services.AddSingleton<PurchaseIntents>().AddSingleton<StripeCustomers>().AddSingleton<ItemChanges>().AddSingleton<StripePreviews>().AddSingleton<StripeOrders>()
            .AddSingleton<StripePeriodEnds>().AddSingleton<StripeDiscounts>().AddSingleton<StripeRefunds>().AddSingleton<StripeUsage>().AddSingleton<StripeEndings>();
        if (string.IsNullOrEmpty(section["Key"]))
            return services;
        if (section["Key"]!.StartsWith(StripeOptions.DoublePrefix, StringComparison.Ordinal))
            services.AddSingleton<IBillingClockWork, SimulatedTime>();
        return services.AddSingleton<StripeProvider>().AddSingleton<StripePages>().AddSingleton<IBillingProvider, ReachableStripe>().AddSingleton<IProviderPages, ReachablePages>().AddSingleton<IBillingRound, StripeRounds>();
    }

    static void AddConvergence(this IServiceCollection services)
    {
        services.TryAddSingleton<IStripeConvergence, StripeConvergence>();
        services.AddSingleton<ItemAssignment>().AddSingleton<InvoiceLineReading>().AddSingleton<InvoiceMirror>().AddSingleton<PaymentConvergence>().AddSingleton<PaymentLookup>();
        services.AddKind<SubscriptionConvergence>().AddKind<InvoiceConvergence>().AddKind<InvoicePaymentConvergence>().AddKind<ChargeConvergence>().AddKind<PaymentIntentConvergence>()
            .AddKind<RefundConvergence>().AddKind<CreditNoteConvergence>().AddKind<DisputeConvergence>().AddKind<CheckoutConvergence>().AddKind<CustomerConvergence>().AddKind<PayoutConvergence>();
    }

    static IServiceCollection AddKind<T>(this IServiceCollection services) where T : class, IStripeObject =>
        services.AddSingleton<T>().AddSingleton<IStripeObject>(provider => provider.GetRequiredService<T>());
}
