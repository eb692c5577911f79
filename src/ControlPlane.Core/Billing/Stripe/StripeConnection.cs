using Stripe;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>The client that everything which speaks to Stripe shares.</summary>
static class StripeConnection
{
    /// <summary>Of one attempt. Callers hold a lock on the customer's account meanwhile.</summary>
    static readonly TimeSpan timeout = TimeSpan.FromSeconds(20);

    internal static IStripeClient NewClient(StripeOptions options) => new StripeClient(Configure(options));

    static StripeClientOptions Configure(StripeOptions options)
    {
        var configured = new StripeClientOptions { ApiKey = options.Key, HttpClient = new SystemNetHttpClient(new HttpClient { Timeout = timeout }) };
        if (options.Address?.ToString().TrimEnd('/') is { } address)
            // All of them: what is left out goes to Stripe.
            (configured.ApiBase, configured.ConnectBase, configured.FilesBase, configured.MeterEventsBase) = (address, address, address, address);
        return configured;
    }
}
