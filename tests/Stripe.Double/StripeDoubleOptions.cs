namespace Stripe.Double;

/// <summary>How the double behaves. Every member has a default that suits tests.</summary>
public sealed record StripeDoubleOptions
{
    /// <summary>The wall clock under the virtual one. With a fake clock, the double and the code under test tell the same time.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where to listen. Loopback only; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>The key that callers must send. It begins with sk_double_, so that nobody takes it for a real one.</summary>
    public string ApiKey { get; init; } = "sk_double_4eC39HqLyjWDarjtT1zdp7dc";

    /// <summary>Ids are made from it: the same seed gives the same ids.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>An endpoint to register at the start, or null.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The secret of that endpoint.</summary>
    public string WebhookSecret { get; init; } = "whsec_double";

    /// <summary>The platform's country and currency.</summary>
    public string Country { get; init; } = "US";

    public string Currency { get; init; } = "usd";

    /// <summary>The processing fee by the currency of the charge: parts per million, and a fixed part in minor units. The empty key is for all others.</summary>
    public IReadOnlyDictionary<string, (long Ppm, long Fixed)> Fees { get; init; } = new Dictionary<string, (long, long)>
    {
        ["usd"] = (29_000, 30),
        ["eur"] = (15_000, 25),
        ["gbp"] = (15_000, 20),
        ["jpy"] = (36_000, 0),
        [""] = (29_000, 0),
    };

    /// <summary>What a lost or opened dispute costs, in minor units of the settlement currency.</summary>
    public long DisputeFee { get; init; } = 1_500;

    /// <summary>Currencies that settle in another: units of the other for one of them. Those not named settle in themselves.</summary>
    public IReadOnlyDictionary<string, (string Currency, decimal Rate)> Settlement { get; init; } = new Dictionary<string, (string, decimal)>();

    /// <summary>How long money is pending before it is available.</summary>
    public TimeSpan SettlesAfter { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long an invoice of a renewal stays a draft.</summary>
    public TimeSpan FinalizesAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When a failed payment is tried again, each counted from the failure before: eight attempts in about two weeks.</summary>
    public IReadOnlyList<TimeSpan> Retries { get; init; } = [.. new[] { 1, 2, 2, 2, 2, 2, 3 }.Select(days => TimeSpan.FromDays(days))];

    /// <summary>What becomes of a subscription after the last attempt.</summary>
    public AfterRetries AfterRetries { get; init; } = AfterRetries.Unpaid;

    /// <summary>Where people see the pages that Stripe would show them: the double's own address. Null shows none, and addresses are those that Stripe gives.</summary>
    public Uri? PagesAt { get; init; }

    internal string PageAddress(string host, string path) => PagesAt is { } own ? new Uri(own, path).ToString() : $"https://{host}/{path}";

    /// <summary>New objects are found by search only when they are this old.</summary>
    public TimeSpan SearchDelay { get; init; }
}

/// <summary>What becomes of a subscription whose payment failed for the last time.</summary>
public enum AfterRetries
{
    Unpaid,
    PastDue,
    Cancel,
    Pause,
}
