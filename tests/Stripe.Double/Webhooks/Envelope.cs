using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Webhooks;

/// <summary>One delivery as it goes over the wire, with whatever is to be wrong about it.</summary>
sealed record Envelope(string DeliveryId, string EventId, string EventType, Uri Url, string Payload, string Signature, int Copies, bool IsDropped, bool IsHungUp)
{
    const long oldSeconds = 600;

    internal static Envelope Of(World world, JsonObject delivery, JsonObject happened, JsonObject endpoint, WebhookFault? fault, TimeProvider clock)
    {
        var json = world.Render(happened);
        if (fault?.Kind == WebhookFaultKind.NullVersion)
            json["api_version"] = null;
        if (fault?.Kind == WebhookFaultKind.OtherTrain)
            json["api_version"] = "2026-06-24.dahlia";
        var payload = json.ToJsonString();
        var secret = fault?.Kind == WebhookFaultKind.WrongSecret ? "whsec_another" : endpoint.Str("_secret")!;
        // Signed on the receiver's clock, not on the virtual one: the receiver compares with its own.
        var signedAt = clock.GetUtcNow().ToUnixTimeSeconds() - (fault?.Kind == WebhookFaultKind.OldTimestamp ? oldSeconds : 0);
        return new(delivery.Id(), happened.Id(), happened.Str("type")!, new(endpoint.Str("url")!), payload, EventUtility.GenerateSignatureHeader(payload, secret, signedAt),
            fault?.Kind == WebhookFaultKind.Duplicate ? fault.Copies : 1, fault?.Kind == WebhookFaultKind.Drop, fault?.Kind == WebhookFaultKind.HangUp);
    }
}
