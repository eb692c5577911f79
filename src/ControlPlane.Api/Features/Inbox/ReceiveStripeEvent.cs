using System.Text;
using ControlPlane.Api.Http;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Stripe;
using ControlPlane.Core.Data;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Inbox;

/// <summary>POST /webhooks/stripe: what Stripe says has happened is kept, and worked on elsewhere.</summary>
static class ReceiveStripeEvent
{
    const string SignatureHeader = "Stripe-Signature";

    static readonly Problem NotCollecting = new("stripe_not_configured", 404, "This service takes no events of Stripe: it has no secret of a webhook's endpoint.");
    static readonly Problem SignatureInvalid = new("signature_invalid", 400, "None of the endpoint's secrets made this signature, or it is older than five minutes.");
    static readonly Problem EventMalformed = new("event_malformed", 400, "The signature is right, and the body is no event of Stripe.");
    static readonly Problem OtherMode = new("event_of_other_mode", 400, "The event is of test mode where this service is live, or the reverse. Remove the endpoint from where it does not belong.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/webhooks/stripe", HandleAsync)
        .Describe("Webhooks", "receive_stripe_event", "Take an event of Stripe", "For Stripe itself: a webhook endpoint there points here. The signature says who calls, and the event's id makes a repetition harmless.")
        .AllowEverybody()
        .WithMetadata(new ProviderCall())
        .AnswersNothing()
        .Refuses(NotCollecting, SignatureInvalid, EventMalformed, OtherMode, Problems.BodyTooLarge);

    static async Task<Answer<object>> HandleAsync(HttpContext http, ControlPlaneDb db, IOptions<StripeOptions> options, InboxMetrics metrics, TimeProvider clock, CancellationToken cancel)
    {
        if (options.Value is not { Key.Length: > 0, WebhookSecrets.Length: > 0 } stripe)
            return NotCollecting;
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var body = await reader.ReadToEndAsync(cancel);
        var (incoming, refusal) = StripeEvents.Read(body, http.Request.Headers[SignatureHeader].FirstOrDefault(), stripe, clock.GetUtcNow());
        if (refusal is { } reason)
        {
            metrics.Received("refused");
            return reason switch { EventRefusal.Signature => SignatureInvalid, EventRefusal.OtherMode => OtherMode, _ => EventMalformed };
        }
        if (incoming is not null)
        {
            // Nobody's organization sent this, and the inbox is everybody's.
            db.Scope.EnterFleet();
            metrics.Received(await db.TakeAsync(incoming, InboxOrigin.Delivered, clock, cancel) ? "new" : "repeated");
        }
        return Answer.NoContent<object>();
    }
}
