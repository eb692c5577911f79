using System.Text.Json;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Ledger;
using Stripe;

namespace ControlPlane.Core.Billing.Stripe;

public enum EventRefusal
{
    /// <summary>None of the endpoint's secrets made it, or it was made too long ago.</summary>
    Signature,

    /// <summary>Signed, and no event.</summary>
    Malformed,

    /// <summary>Of test mode where this deployment is live, or the reverse.</summary>
    OtherMode,
}

/// <summary>Reads what Stripe posts to the webhook's endpoint.</summary>
public static class StripeEvents
{
    public const string Provider = "stripe";

    /// <summary>How old a signature may be: whoever records a request cannot send it again later.</summary>
    public const int ToleranceSeconds = 300;

    /// <summary>Stripe's own ids are shorter.</summary>
    const int IdLengthMax = 255;

    static readonly string train = TrainOf(StripeConfiguration.ApiVersion);

    /// <returns>The event, or why it is refused; neither where it is to be dropped without a word.</returns>
    /// <param name="body">As it came, to the byte: the signature is about that.</param>
    /// <param name="signature">The header Stripe-Signature.</param>
    public static (IncomingEvent? Event, EventRefusal? Refusal) Read(string body, string? signature, StripeOptions options, DateTimeOffset now)
    {
        if (signature is null || !options.WebhookSecrets.Any(secret => IsSigned(body, signature, secret, now)))
            return (null, EventRefusal.Signature);
        try
        {
            using var json = JsonDocument.Parse(body);
            if (IsLive(json.RootElement) == (options.Mode == LedgerMode.Live))
                return (Understand(json.RootElement, body), null);
            // An endpoint for connected accounts is told of both of their modes, and would be switched off if it refused one.
            return (null, AccountOf(json.RootElement).Length > 0 ? null : EventRefusal.OtherMode);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (null, EventRefusal.Malformed);
        }
    }

    /// <summary>One that did not come by itself, as the list of events has it.</summary>
    internal static IncomingEvent FromList(string payload)
    {
        using var json = JsonDocument.Parse(payload);
        return Understand(json.RootElement, payload);
    }

    static bool IsSigned(string body, string signature, string secret, DateTimeOffset now)
    {
        try
        {
            EventUtility.ValidateSignature(body, signature, secret, ToleranceSeconds, now.ToUnixTimeSeconds());
            return true;
        }
        catch (StripeException)
        {
            return false;
        }
    }

    static bool IsLive(JsonElement json) => json.GetProperty("livemode").GetBoolean();

    static string AccountOf(JsonElement json) => json.TryGetProperty("account", out var account) ? account.GetString() ?? "" : "";

    static IncomingEvent Understand(JsonElement json, string body)
    {
        var (id, type, createdAt) = (json.GetProperty("id").GetString()!, json.GetProperty("type").GetString()!, DateTimeOffset.FromUnixTimeSeconds(json.GetProperty("created").GetInt64()));
        var version = json.TryGetProperty("api_version", out var given) ? given.GetString() : null;
        var account = AccountOf(json);
        var unreadable = WhyUnreadable(version, body);
        var subject = unreadable is null ? StripeEventTypes.SubjectOf(type, account, json.GetProperty("data").GetProperty("object")) : null;
        if (id.Length > IdLengthMax || type.Length > IdLengthMax || account.Length > IdLengthMax || subject?.ObjectId.Length > IdLengthMax || subject?.Customer?.Length > IdLengthMax)
            throw new FormatException($"an id has more than {IdLengthMax} characters");
        return new IncomingEvent(Provider, account, id, type, version, createdAt, body, subject, unreadable);
    }

    /// <summary>The SDK fills what another train calls otherwise with nothing, and says no word: better not to read it at all.</summary>
    static string? WhyUnreadable(string? version, string body)
    {
        // Before the SDK sees it, which fails over an absent version with a NullReferenceException.
        if (version is null)
            return "The event names no version of the API.";
        if (TrainOf(version) != train)
            return $"The event is of the API's version {version}, and this service speaks {StripeConfiguration.ApiVersion}. Set the endpoint's version at Stripe, then send the event again from there.";
        try
        {
            return EventUtility.ParseEvent(body, throwOnApiVersionMismatch: false).Data?.Object is null ? "The event is about a kind of object that this service does not know." : null;
        }
        catch (JsonException error)
        {
            return $"The event's object cannot be read: {error.Message}";
        }
    }

    /// <summary>2026-10-28.endive is of the train endive.</summary>
    static string TrainOf(string version) => version[(version.LastIndexOf('.') + 1)..];
}
