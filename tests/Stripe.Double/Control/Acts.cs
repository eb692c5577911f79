using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.Objects;
using Stripe.Double.State;
using Stripe.Double.Webhooks;

namespace Stripe.Double.Control;

/// <summary>The acts of the control API that take more than one step.</summary>
static class Acts
{
    /// <summary>The object, whichever account it belongs to.</summary>
    internal static JsonObject Anywhere(World world, string type, string id) =>
        world.Store[id] is { } json && json.Str("object") == type ? json : throw Refusal.NoSuch(type, id);

    internal static JsonObject Authenticate(World world, JsonObject intent)
    {
        if (intent.Str("status") != "requires_action")
            throw Refusal.Invalid($"This payment waits for no authentication: it is {intent.Str("status")}.");
        intent["_authenticated"] = true;
        if (world.Store.All("invoice_payment").FirstOrDefault(payment => payment.Str("payment.payment_intent") == intent.Id()) is { } payment)
            _ = Collection.Attempt(world, world.Store[payment.Str("invoice")]!, intent.Str("payment_method"), isAutomatic: false);
        else
            _ = PaymentIntents.Attempt(world, intent, isOffSession: false);
        return intent;
    }

    internal static JsonObject FailRefund(World world, string refundId, string reason)
    {
        var refund = Anywhere(world, "refund", refundId);
        Refunds.Fail(world, refund, reason);
        return refund;
    }

    internal static int Redeliver(World world, string eventId)
    {
        var happened = Anywhere(world, "event", eventId);
        var endpoints = world.Store.All("webhook_endpoint").ToList();
        foreach (var endpoint in endpoints)
            Deliveries.Add(world, happened, endpoint);
        return endpoints.Count;
    }
}
