using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Ledger;
using Microsoft.Extensions.Options;

namespace ControlPlane.Core.Billing;

/// <summary>Whether money really moves here, and who says so: it stands on every journal, statement and invoice.</summary>
public sealed class BillingMode(IOptions<StripeOptions> stripe)
{
    public bool HasStripe { get; } = stripe.Value.Key.Length > 0;

    /// <summary>Of Stripe's key. Without Stripe everything is real: the operator collects it.</summary>
    public LedgerMode Mode { get; } = stripe.Value.Key.Length > 0 ? stripe.Value.Mode : LedgerMode.Live;

    public PostedBy By(string actor, BillingProvider provider = BillingProvider.Manual) => new(actor, NameOf(provider), Mode);

    string NameOf(BillingProvider provider) => (provider, Mode) switch
    {
        (BillingProvider.Manual, _) => "manual",
        (_, LedgerMode.Simulated) => "stripe-double",
        _ => "stripe",
    };
}
