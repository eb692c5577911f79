using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Cards. Those of Stripe's documentation (pm_card_visa) are made into a new object whenever they are named, and behave as they are known to.</summary>
static class PaymentMethods
{
    internal static void Map(Routes routes)
    {
        routes.Post<PaymentMethodCreateOptions>("/v1/payment_methods", Create);
        routes.Retrieve("/v1/payment_methods/{id}", "payment_method");
        routes.Post<PaymentMethodUpdateOptions>("/v1/payment_methods/{id}", call => call.Found("payment_method").Take(call.Sent, "metadata", "billing_details", "allow_redisplay"));
        routes.Post<PaymentMethodAttachOptions>("/v1/payment_methods/{id}/attach", call => Attach(call.World, call.Id, Customers.Living(call.World, call.Need("customer"))));
        routes.Post<PaymentMethodDetachOptions>("/v1/payment_methods/{id}/detach", Detach);
        routes.Get<PaymentMethodListOptions>("/v1/payment_methods", call => call.List("payment_method", "customer", "type"));
        routes.Get<CustomerPaymentMethodListOptions>("/v1/customers/{id}/payment_methods",
            call => Lists.Page(call, call.World.Store.Where("payment_method", "customer", Customers.Living(call.World, call.Id, "id").Id()), "type"));
    }

    static JsonObject Create(Call call)
    {
        if (call.Need("type") != "card")
            throw Refusal.Invalid("The double knows cards only.", "type");
        var token = call.Sent.Str("card.token");
        var card = token is null ? TestCards.ByNumber(call.Sent.Str("card.number")) : TestCards.ByToken(token);
        return New(call.World, card ?? throw Refusal.NoSuch("token", token ?? call.Sent.Str("card.number"), "card")).Take(call.Sent, "metadata", "allow_redisplay");
    }

    static JsonObject Detach(Call call)
    {
        var method = call.Found("payment_method");
        if (method.Str("customer") is not { } customer)
            throw Refusal.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.");
        method["customer"] = null;
        if (call.World.Store[customer]?.Obj("invoice_settings") is { } settings && settings.Str("default_payment_method") == method.Id())
            settings["default_payment_method"] = null;
        call.World.Emit("payment_method.detached", method, Json.Of(new { customer }));
        return method;
    }

    /// <summary>The payment method, made anew where one of the documentation's is meant.</summary>
    internal static JsonObject Resolve(World world, string id, string param = "payment_method") =>
        TestCards.ByToken(id) is { } card ? New(world, card) : world.Find("payment_method", id, param);

    internal static JsonObject Attach(World world, string id, JsonObject customer)
    {
        var method = Resolve(world, id);
        if (method.Str("customer") is { } owner && owner != customer.Id())
            throw Refusal.Invalid("The payment method you provided has already been attached to a customer.", "payment_method");
        if (TestCards.Decline(method, isAttaching: true) is { } declined)
            throw declined;
        if (method.Str("customer") is null)
        {
            method["customer"] = customer.Id();
            world.Emit("payment_method.attached", method);
        }
        return method;
    }

    /// <summary>What an invoice of this subscription and customer is paid with, or null.</summary>
    internal static JsonObject? Default(World world, JsonObject customer, JsonObject? subscription = null, JsonObject? invoice = null) =>
        world.Store[invoice?.Str("default_payment_method") ?? subscription?.Str("default_payment_method") ?? customer.Str("invoice_settings.default_payment_method")];

    static JsonObject New(World world, TestCard card) => world.Store.Add(Json.Of(new
    {
        id = world.Ids.Next("pm"),
        @object = "payment_method",
        allow_redisplay = "unspecified",
        billing_details = BillingDetails(),
        card = new
        {
            brand = card.Brand,
            checks = new { address_line1_check = (string?)null, address_postal_code_check = (string?)null, cvc_check = "pass" },
            country = "US",
            display_brand = card.Brand,
            exp_month = 12,
            exp_year = DateTimeOffset.FromUnixTimeSeconds(world.Now).Year + 4,
            fingerprint = world.Ids.Next("f", 16)[2..],
            funding = "credit",
            generated_from = (object?)null,
            last4 = card.Last4,
            networks = new { available = new[] { card.Brand }, preferred = (string?)null },
            regulated_status = "unregulated",
            three_d_secure_usage = new { supported = true },
            wallet = (object?)null,
        },
        created = world.Now,
        customer = (string?)null,
        customer_account = (string?)null,
        livemode = false,
        metadata = new { },
        type = "card",
        _does = card.Does.ToString(),
    }));

    internal static object BillingDetails() => new
    {
        address = new { city = (string?)null, country = (string?)null, line1 = (string?)null, line2 = (string?)null, postal_code = (string?)null, state = (string?)null },
        email = (string?)null,
        name = (string?)null,
        phone = (string?)null,
        tax_id = (string?)null,
    };
}
