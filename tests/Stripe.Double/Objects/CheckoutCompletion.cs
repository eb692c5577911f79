using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>What happens when somebody fills in a checkout page: a customer, a payment or a subscription, and the session completes.</summary>
static class CheckoutCompletion
{
    /// <summary>Pays with the card. A card that is declined leaves the session open, as the page would show the error and wait.</summary>
    internal static JsonObject Complete(World world, JsonObject session, string card, string? email)
    {
        if (session.Str("status") != "open")
            throw Refusal.Invalid($"This session is {session.Str("status")}.");
        using var showing = world.Clock.ShowFor(world, world.Store[session.Str("customer")]?.Str("test_clock"));
        var resolved = PaymentMethods.Resolve(world, card);
        var customer = world.Store[session.Str("customer")] ?? NewCustomer(world, session, email);
        if (session.Long("amount_total") > 0 && TestCards.Decline(resolved, isAttaching: false) is { } declined)
            throw declined;
        var method = PaymentMethods.Attach(world, resolved.Id(), customer);
        session.Set(new { customer = customer.Id(), customer_details = CheckoutSessions.CustomerDetails(customer) });
        if (session.Str("mode") == "subscription")
            Subscribe(world, session, customer, method);
        else if (session.Str("mode") == "payment")
            Pay(world, session, customer, method);
        else
            customer["invoice_settings"]!["default_payment_method"] = method.Id();
        session.Set(new { status = "complete", url = (string?)null });
        if (session.Str("mode") != "setup")
            session["payment_status"] = session.Long("amount_total") == 0 ? "no_payment_required" : "paid";
        world.Emit("checkout.session.completed", session);
        return session;
    }

    static JsonObject NewCustomer(World world, JsonObject session, string? email)
    {
        var sent = Json.Of(new { email = email ?? session.Str("customer_email") ?? "customer@example.com" });
        var customer = Customers.New(world).Take(sent, "email");
        world.Emit("customer.created", customer);
        return customer;
    }

    static void Subscribe(World world, JsonObject session, JsonObject customer, JsonObject method)
    {
        var sent = session.Obj("_sent")!;
        var lines = world.Store.Where("item", "_session", session.Id());
        JsonArray Options(bool isRecurring) => lines.Where(line => line.Is("_recurring") == isRecurring).Select(line =>
        {
            var options = new JsonObject { ["price"] = line.Str("price"), ["tax_rates"] = line.Strings("_tax_rates").Array() };
            if (line.Int("quantity") is { } quantity)
                options["quantity"] = quantity;
            return (JsonNode)options;
        }).Array();
        var data = sent.Obj("subscription_data")?.Copy() ?? [];
        data["items"] = Options(true);
        data["add_invoice_items"] = Options(false);
        data["default_payment_method"] = method.Id();
        if (sent["discounts"] is { } discounts)
            data["discounts"] = discounts.DeepClone();
        // The customer is at the page: whatever authentication the card wants, they give it once.
        method["_authenticates_once"] = true;
        var subscription = SubscriptionCreation.New(world, customer, data);
        session.Set(new { subscription = subscription.Id(), invoice = subscription.Str("latest_invoice") });
    }

    static void Pay(World world, JsonObject session, JsonObject customer, JsonObject method)
    {
        if (session.Long("amount_total") == 0)
            return;
        var intent = PaymentIntents.New(world, session.Long("amount_total"), session.Str("currency")!, customer).Take(session.Obj("_sent")!.Obj("payment_intent_data") ?? [], "description", "metadata", "transfer_group", "receipt_email");
        PaymentIntents.Choose(world, intent, method.Id());
        intent["_authenticated"] = true;
        world.Emit("payment_intent.created", intent);
        if (PaymentIntents.Attempt(world, intent, isOffSession: false) is { } refused)
            throw refused;
        session["payment_intent"] = intent.Id();
    }
}
