using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>A page where somebody pays: a person where the double shows pages, the control API otherwise. It expires after a day.</summary>
static class CheckoutSessions
{
    const long expiresAfterSeconds = 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Post<Checkout.SessionCreateOptions>("/v1/checkout/sessions", Create);
        routes.Retrieve("/v1/checkout/sessions/{id}", "checkout.session");
        routes.Post<Checkout.SessionUpdateOptions>("/v1/checkout/sessions/{id}", call => Open(call).Take(call.Sent, "metadata"));
        routes.Post<Checkout.SessionExpireOptions>("/v1/checkout/sessions/{id}/expire", call => Expire(call.World, Open(call)));
        routes.Get<Checkout.SessionListOptions>("/v1/checkout/sessions", call => call.List("checkout.session", "customer", "payment_intent", "subscription", "status"));
        routes.Get<Checkout.SessionLineItemListOptions>("/v1/checkout/sessions/{id}/line_items", call => Lists.Of(call, call.World.Store.Where("item", "_session", call.Found("checkout.session").Id())));
    }

    static JsonObject Create(Call call)
    {
        var (world, sent) = (call.World, call.Sent);
        var mode = call.Need("mode");
        var customer = sent.ContainsKey("customer") ? Customers.Living(world, call.Need("customer")) : null;
        if (sent.Str("ui_mode") is null or "hosted" or "hosted_page" && sent.Str("success_url") is null)
            throw Refusal.Missing("success_url");
        if (mode != "setup" && sent.Arr("line_items") is null or { Count: 0 })
            throw Refusal.Invalid("`line_items` is required in `payment` and `subscription` mode.", "line_items", "parameter_missing");
        if (mode != "subscription" && sent.ContainsKey("subscription_data"))
            throw Refusal.Invalid("You can not pass `subscription_data` in `" + mode + "` mode.", "subscription_data");
        var session = world.New<Checkout.Session>("cs_test", Fields(world, mode, customer, sent))
            .Take(sent, "allow_promotion_codes", "billing_address_collection", "cancel_url", "client_reference_id", "customer_email", "expires_at", "locale", "metadata", "payment_method_collection", "submit_type", "success_url", "return_url", "consent_collection");
        session["id"] = world.Ids.Next("cs_test", 58);
        session["url"] = world.Options.PageAddress("checkout.stripe.com", $"c/pay/{session.Id()}");
        session["_sent"] = sent.Copy();
        world.Store.Add(session);
        AddItems(world, session, sent, mode);
        return session;
    }

    static object Fields(World world, string mode, JsonObject? customer, JsonObject sent) => new
    {
        mode,
        adaptive_pricing = new { enabled = false },
        automatic_tax = new { enabled = false, liability = (object?)null, provider = (string?)null, status = (string?)null },
        custom_fields = Array.Empty<object>(),
        custom_text = new { after_submit = (object?)null, shipping_address = (object?)null, submit = (object?)null, terms_of_service_acceptance = (object?)null },
        customer = customer?.Id(),
        customer_creation = mode == "payment" ? sent.Str("customer_creation") ?? "if_required" : null,
        customer_details = customer is null ? null : CustomerDetails(customer),
        discounts = Array.Empty<object>(),
        expires_at = world.Now + expiresAfterSeconds,
        payment_method_collection = mode == "subscription" ? "always" : "if_required",
        payment_method_types = new[] { "card" },
        payment_status = mode == "setup" ? "no_payment_required" : "unpaid",
        phone_number_collection = new { enabled = false },
        shipping_options = Array.Empty<object>(),
        status = "open",
        ui_mode = sent.Str("ui_mode") ?? "hosted_page",
    };

    internal static object CustomerDetails(JsonObject customer) => new
    {
        address = customer.Obj("address"),
        business_name = (string?)null,
        email = customer.Str("email"),
        individual_name = (string?)null,
        name = customer.Str("name"),
        phone = customer.Str("phone"),
        tax_exempt = "none",
        tax_ids = Array.Empty<object>(),
    };

    static void AddItems(World world, JsonObject session, JsonObject sent, string mode)
    {
        var lines = new List<JsonObject>();
        foreach (var line in sent.Objects("line_items"))
        {
            var price = line.Str("price") is { } id ? world.Find("price", id, "line_items[price]") : Prices.New(world, Product(world, line.Obj("price_data") ?? throw Refusal.Missing("line_items[price]")), line.Obj("price_data")!);
            if (mode == "payment" && price.Obj("recurring") is not null)
                throw Refusal.Invalid("You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.", "line_items");
            var isMetered = price.Str("recurring.usage_type") == "metered";
            var quantity = isMetered ? 0 : line.Int("quantity") ?? throw Refusal.Invalid("Quantity is required. Add `quantity` to `line_items`.", "line_items[quantity]", "parameter_missing");
            lines.Add(world.Store.Add(world.New<LineItem>("li", new
            {
                amount_subtotal = isMetered ? 0 : InvoiceLines.Amount(price, quantity),
                currency = price.Str("currency"),
                description = world.Store[price.Str("product")]!.Str("name"),
                discounts = Array.Empty<object>(),
                price = price.Id(),
                quantity = isMetered ? (long?)null : quantity,
                taxes = Array.Empty<object>(),
                metadata = new { },
                _session = session.Id(),
                _tax_rates = line.Strings("tax_rates").ToArray(),
                _recurring = price.Obj("recurring") is not null,
            })));
        }
        if (mode == "subscription" && !lines.Exists(line => line.Is("_recurring")))
            throw Refusal.Invalid("You must provide at least one recurring price in `subscription` mode when using prices.", "line_items");
        if (lines.Count > 0)
            Sum(world, session, sent, lines);
    }

    // As an invoice would be computed: the same discounts, the same tax.
    static void Sum(World world, JsonObject session, JsonObject sent, List<JsonObject> lines)
    {
        var isTrial = sent.Str("subscription_data.trial_period_days") is not null || sent.Str("subscription_data.trial_end") is not null;
        var currency = lines[0].Str("currency")!;
        var scratch = Json.Of(new { currency, default_tax_rates = sent.Obj("subscription_data")?.Strings("default_tax_rates").ToArray() ?? [] });
        var drafts = lines.Select(line => InvoiceLines.New(world, new LineOf(isTrial && line.Is("_recurring") ? 0 : line.Long("amount_subtotal"), currency, null, 0, 0) { TaxRates = line.Strings("_tax_rates"), Price = world.Store[line.Str("price")] })).ToList();
        Totals.Compute(world, scratch, drafts, Discounts.Redeem(world, sent, new { customer = session.Str("customer") }, isPreview: true));
        foreach (var (line, draft) in lines.Zip(drafts))
        {
            var tax = draft.Objects("taxes").Sum(entry => entry.Long("amount"));
            var extra = draft.Objects("taxes").Where(entry => entry.Str("tax_behavior") == "exclusive").Sum(entry => entry.Long("amount"));
            line.Set(new { amount_subtotal = draft.Long("amount"), amount_discount = draft.Long("amount") - Totals.Net(draft), amount_tax = tax, amount_total = Totals.Net(draft) + extra });
        }
        session.Set(new
        {
            currency,
            amount_subtotal = scratch.Long("subtotal"),
            amount_total = scratch.Long("total"),
            total_details = new { amount_discount = lines.Sum(line => line.Long("amount_discount")), amount_shipping = 0, amount_tax = lines.Sum(line => line.Long("amount_tax")) },
        });
    }

    static JsonObject Product(World world, JsonObject data) => data.Str("product") is { } id ? world.Find("product", id, "price_data[product]")
        : Products.New(world, null, data.Str("product_data.name") ?? throw Refusal.Missing("price_data[product_data][name]"));

    static JsonObject Open(Call call)
    {
        var session = call.Found("checkout.session");
        return session.Str("status") == "open" ? session : throw Refusal.Invalid($"Only Checkout Sessions with a status in [\"open\"] can be changed. This Checkout Session has a status of `{session.Str("status")}`.");
    }

    static JsonObject Expire(World world, JsonObject session)
    {
        session.Set(new { status = "expired", url = (string?)null });
        world.Emit("checkout.session.expired", session);
        return session;
    }

    internal static IEnumerable<Due> Due(World world) => world.Store.All("checkout.session").Where(session => session.Str("status") == "open")
        .Select(session => new Due(session.Long("expires_at"), world.Store[session.Str("customer")]?.Str("test_clock"), () => Expire(world, session)));
}
