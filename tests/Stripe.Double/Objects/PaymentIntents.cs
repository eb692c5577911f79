using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>A payment from the wish to the charge: requires_payment_method, requires_confirmation, requires_action, succeeded, canceled.</summary>
static class PaymentIntents
{
    internal static void Map(Routes routes)
    {
        routes.Post<PaymentIntentCreateOptions>("/v1/payment_intents", Create);
        routes.Retrieve("/v1/payment_intents/{id}", "payment_intent");
        routes.Post<PaymentIntentUpdateOptions>("/v1/payment_intents/{id}", Update);
        routes.Post<PaymentIntentConfirmOptions>("/v1/payment_intents/{id}/confirm", Confirm);
        routes.Post<PaymentIntentCancelOptions>("/v1/payment_intents/{id}/cancel", Cancel);
        routes.Get<PaymentIntentListOptions>("/v1/payment_intents", call => call.List("payment_intent", "customer"));
        routes.Get<PaymentIntentSearchOptions>("/v1/payment_intents/search", call => Search.Page(call, "payment_intent"));
    }

    static JsonObject Create(Call call)
    {
        var customer = call.Sent.ContainsKey("customer") ? Customers.Living(call.World, call.Need("customer")) : null;
        if (call.NeedInt("amount") < 1)
            throw Refusal.Invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
        var intent = New(call.World, call.NeedInt("amount"), call.Need("currency").ToLowerInvariant(), customer)
            .Take(call.Sent, "description", "metadata", "receipt_email", "transfer_group", "setup_future_usage", "statement_descriptor");
        if (call.Sent.Str("payment_method") is { } method)
            Choose(call.World, intent, method);
        call.World.Emit("payment_intent.created", intent);
        return call.Sent.Is("confirm") ? Run(call, intent) : intent;
    }

    static JsonObject Update(Call call)
    {
        var intent = Editable(call.Found("payment_intent"), "requires_payment_method", "requires_confirmation", "requires_action");
        if (call.Sent.Str("payment_method") is { } method)
            Choose(call.World, intent, method);
        return intent.Take(call.Sent, "amount", "currency", "description", "metadata", "receipt_email", "transfer_group", "setup_future_usage");
    }

    static JsonObject Confirm(Call call)
    {
        var intent = Editable(call.Found("payment_intent"), "requires_payment_method", "requires_confirmation", "requires_action");
        if (call.Sent.Str("payment_method") is { } method)
            Choose(call.World, intent, method);
        return Run(call, intent);
    }

    static JsonObject Run(Call call, JsonObject intent)
    {
        if (call.World.Store[intent.Str("payment_method")] is null)
            throw Refusal.Invalid("You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.", "payment_method", "payment_intent_unexpected_state");
        if (Attempt(call.World, intent, isOffSession: call.Sent.Is("off_session")) is { } refused)
        {
            refused.More["payment_intent"] = call.World.Render(intent);
            throw refused;
        }
        return intent;
    }

    static JsonObject Cancel(Call call)
    {
        var intent = Editable(call.Found("payment_intent"), "requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing");
        Close(call.World, intent, call.Sent.Str("cancellation_reason"));
        return intent;
    }

    internal static void Close(World world, JsonObject intent, string? reason)
    {
        intent.Set(new { status = "canceled", canceled_at = world.Now, cancellation_reason = reason, next_action = (object?)null });
        world.Emit("payment_intent.canceled", intent);
    }

    internal static JsonObject New(World world, long amount, string currency, JsonObject? customer)
    {
        var intent = world.Add<PaymentIntent>("pi", new
        {
            amount,
            currency,
            amount_details = new { tip = new { } },
            automatic_payment_methods = new { allow_redirects = "never", enabled = true },
            capture_method = "automatic",
            confirmation_method = "automatic",
            customer = customer?.Id(),
            payment_method_options = new { card = new { request_three_d_secure = "automatic" } },
            payment_method_types = new[] { "card" },
            status = "requires_payment_method",
        });
        intent["client_secret"] = $"{intent.Id()}_secret_{world.Ids.Next("s", 24)[2..]}";
        return intent;
    }

    /// <summary>Charges the chosen card. Null when it paid or when the customer has to act; otherwise what the card said.</summary>
    internal static Refusal? Attempt(World world, JsonObject intent, bool isOffSession)
    {
        var method = world.Store[intent.Str("payment_method")]!;
        if (TestCards.Does(method) == CardDoes.WantAuthentication && !intent.Is("_authenticated") && !method.Remove("_authenticates_once"))
            return WantAuthentication(world, intent, isOffSession);
        var (charge, refused) = Charges.Take(world, intent, method);
        intent.Set(new { latest_charge = charge.Id(), next_action = (object?)null });
        if (refused is null)
        {
            intent.Set(new { status = "succeeded", amount_received = intent.Long("amount"), last_payment_error = (object?)null });
            world.Emit("payment_intent.succeeded", intent);
            return null;
        }
        return Fail(world, intent, method, refused);
    }

    static Refusal? WantAuthentication(World world, JsonObject intent, bool isOffSession)
    {
        if (isOffSession)
            return Fail(world, intent, world.Store[intent.Str("payment_method")]!, Refusal.Card("authentication_required", "Your card was declined. This transaction requires authentication.", "authentication_required"));
        intent.Set(new { status = "requires_action", next_action = new { type = "use_stripe_sdk", use_stripe_sdk = new { type = "three_d_secure_redirect" } } });
        world.Emit("payment_intent.requires_action", intent);
        return null;
    }

    static Refusal Fail(World world, JsonObject intent, JsonObject method, Refusal refused)
    {
        intent.Set(new { status = "requires_payment_method", payment_method = (string?)null });
        intent["last_payment_error"] = refused.Error().With("payment_method", world.Render(method));
        world.Emit("payment_intent.payment_failed", intent);
        return refused;
    }

    internal static void Choose(World world, JsonObject intent, string id)
    {
        var method = PaymentMethods.Resolve(world, id);
        intent["payment_method"] = method.Id();
        if (intent.Str("status") == "requires_payment_method")
            intent["status"] = "requires_confirmation";
    }

    static JsonObject Editable(JsonObject intent, params string[] states)
    {
        if (states.Contains(intent.Str("status")))
            return intent;
        throw Refusal.Invalid($"This PaymentIntent's status is {intent.Str("status")}, so this cannot be done. Its status must be one of: {string.Join(", ", states)}.", code: "payment_intent_unexpected_state");
    }
}
