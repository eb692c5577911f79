using ControlPlane.Core.Ledger;

namespace ControlPlane.Core.Billing.Stripe;

/// <summary>Section <c>Billing:Stripe</c>.</summary>
public sealed class StripeOptions
{
    internal const string DoublePrefix = "sk_double_";

    /// <summary>A secret or restricted key; what it begins with decides the mode. Empty where nothing is collected through Stripe.</summary>
    public string Key { get; set; } = "";

    /// <summary>Of the webhook's endpoint, each good by itself: the new one beside the old one while they change.</summary>
    public string[] WebhookSecrets { get; set; } = [];

    /// <summary>Stripe's own where it is not set. Only the double's may be another, and that only on this machine.</summary>
    public Uri? Address { get; set; }

    /// <exception cref="InvalidOperationException">The key is not one of Stripe's, nor the double's.</exception>
    public LedgerMode Mode => Key switch
    {
        _ when Key.StartsWith("sk_live_", StringComparison.Ordinal) || Key.StartsWith("rk_live_", StringComparison.Ordinal) => LedgerMode.Live,
        _ when Key.StartsWith("sk_test_", StringComparison.Ordinal) || Key.StartsWith("rk_test_", StringComparison.Ordinal) => LedgerMode.Test,
        _ when Key.StartsWith(DoublePrefix, StringComparison.Ordinal) => LedgerMode.Simulated,
        _ => throw new InvalidOperationException("Billing:Stripe:Key is not a key of Stripe: it begins with sk_live_, rk_live_, sk_test_ or rk_test_"),
    };

    /// <summary>Why these cannot be used; null when they can.</summary>
    public string? Refuse(bool isDevelopment)
    {
        if (Mode != LedgerMode.Simulated)
            return Address is null ? null : "Billing:Stripe:Address is for the double only";
        if (!isDevelopment)
            return "the key of Stripe's double is for the environment Development only";
        return Address is { IsLoopback: true } ? null : "the key of Stripe's double goes to a loopback address only: set Billing:Stripe:Address";
    }
}
