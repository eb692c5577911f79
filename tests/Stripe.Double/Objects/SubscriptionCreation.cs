using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>POST /v1/subscriptions, and what a completed checkout does.</summary>
static class SubscriptionCreation
{
    internal static JsonObject Create(Call call)
    {
        Subscriptions.RefuseUnsupported(call.Sent);
        var customer = Customers.Living(call.World, call.Need("customer"));
        if (call.Sent.Arr("items") is null or { Count: 0 })
            throw Refusal.Missing("items");
        if (call.Sent.Str("collection_method") == "send_invoice" && !call.Sent.ContainsKey("days_until_due"))
            throw Refusal.Invalid("If `collection_method` is `send_invoice`, you must specify `days_until_due`.", "days_until_due");
        return New(call.World, customer, call.Sent);
    }

    internal static JsonObject New(World world, JsonObject customer, JsonObject sent)
    {
        var plans = ItemPlan.Merge(world, null, sent.Objects("items"));
        var currency = plans[0].Price.Str("currency")!;
        var behavior = sent.Str("payment_behavior") ?? "allow_incomplete";
        var trialEnd = TrialEnd(world, sent);
        var method = sent.Str("default_payment_method") is { } id ? PaymentMethods.Attach(world, id, customer).Id() : null;
        var isFree = trialEnd is not null || plans.Sum(plan => plan.IsMetered ? 0 : plan.Amount) == 0;
        if (!isFree && behavior is not "default_incomplete" && sent.Str("collection_method") != "send_invoice" && method is null && PaymentMethods.Default(world, customer) is null)
            throw Refusal.Invalid("This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.", code: "resource_missing");
        var before = behavior == "error_if_incomplete" ? world.Snapshot() : null;
        var subscription = Store(world, customer, sent, currency, trialEnd, method);
        // The first period ends where the anchor is, or a whole interval from now.
        var recurring = plans[0].Price.Obj("recurring")!;
        var (interval, count) = (recurring.Str("interval")!, recurring.Long("interval_count"));
        var end = trialEnd ?? (sent.Int("billing_cycle_anchor") is { } anchor && anchor > world.Now ? anchor : Periods.Add(world.Now, interval, count));
        subscription.Set(new { _start = world.Now, _end = end });
        ItemPlan.Apply(world, subscription, plans);
        var whole = Periods.Add(world.Now, interval, count) - world.Now;
        var part = trialEnd is null && sent.ContainsKey("billing_cycle_anchor") ? sent.Str("proration_behavior") == "none" ? 0 : (decimal)(end - world.Now) / whole : 1;
        var lines = trialEnd is null ? Proration.Period(world, subscription, plans, world.Now, end, part) : Trial(world, subscription, plans, end);
        world.Emit("customer.subscription.created", subscription);
        Bill(world, customer, subscription, [.. lines, .. Added(world, subscription, sent)], behavior, before);
        return subscription;
    }

    static long? TrialEnd(World world, JsonObject sent)
    {
        var end = sent.Str("trial_end") is "now" ? null : sent.Int("trial_end") ?? (sent.Int("trial_period_days") is { } days ? world.Now + days * 24 * 3600 : null);
        return end is null || end > world.Now ? end : throw Refusal.Invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", "trial_end");
    }

    static JsonObject Store(World world, JsonObject customer, JsonObject sent, string currency, long? trialEnd, string? method)
    {
        var subscription = world.Add<Subscription>("sub", new
        {
            currency,
            automatic_tax = new { disabled_reason = (string?)null, enabled = false, liability = (object?)null },
            billing_cycle_anchor = trialEnd ?? sent.Int("billing_cycle_anchor") ?? world.Now,
            billing_mode = new { flexible = new { proration_discounts = "included" }, type = "flexible", updated_at = world.Now },
            cancellation_details = new { comment = (string?)null, feedback = (string?)null, reason = (string?)null },
            collection_method = "charge_automatically",
            customer = customer.Id(),
            default_payment_method = method,
            default_tax_rates = TaxRates.Named(world, sent, "default_tax_rates"),
            discounts = Array.Empty<string>(),
            invoice_settings = new { account_tax_ids = (object?)null, custom_fields = (object?)null, description = (string?)null, footer = (string?)null, issuer = new { type = "self" } },
            payment_settings = new { payment_method_options = (object?)null, payment_method_types = (object?)null, save_default_payment_method = "off" },
            start_date = world.Now,
            status = trialEnd is null ? "incomplete" : "trialing",
            test_clock = customer.Str("test_clock"),
            trial_end = trialEnd,
            trial_settings = new { end_behavior = new { missing_payment_method = sent.Str("trial_settings.end_behavior.missing_payment_method") ?? "create_invoice" } },
            trial_start = trialEnd is null ? (long?)null : world.Now,
        }).Take(sent, [.. Subscriptions.Settable]);
        subscription["cancellation_details"] ??= Json.Of(new { comment = (string?)null, feedback = (string?)null, reason = (string?)null });
        subscription["discounts"] = Discounts.Redeem(world, sent, new { customer = customer.Id(), subscription = subscription.Id() }).Select(discount => discount.Id()).Array();
        SubscriptionChanges.TakeEnd(subscription, sent);
        return subscription;
    }

    // A trial is on an invoice of nothing.
    static List<JsonObject> Trial(World world, JsonObject subscription, List<ItemPlan> plans, long end) =>
        [.. Proration.Period(world, subscription, plans, world.Now, end, 0).Select(line => line.Set(new { description = $"Free trial for {line.Str("description")}" }))];

    static IEnumerable<JsonObject> Added(World world, JsonObject subscription, JsonObject sent) => sent.Objects("add_invoice_items").Select(added =>
    {
        var price = added.Str("price") is { } id ? world.Find("price", id, "add_invoice_items[price]") : Prices.New(world, world.Find("product", added.Str("price_data.product"), "price_data[product]"), added.Obj("price_data") ?? []);
        var quantity = added.Int("quantity") ?? 1;
        return InvoiceLines.New(world, new LineOf(InvoiceLines.Amount(price, quantity), price.Str("currency")!, InvoiceLines.Describe(world, price, quantity), world.Now, world.Now)
        {
            Price = price,
            Unit = price.Dec("unit_amount_decimal"),
            Quantity = quantity,
            Subscription = subscription,
            TaxRates = added.Strings("tax_rates"),
        });
    });

    static void Bill(World world, JsonObject customer, JsonObject subscription, List<JsonObject> lines, string behavior, JsonObject? before)
    {
        var pending = InvoiceItems.Pending(world, customer, subscription, subscription.Str("currency")!);
        var invoice = InvoiceLife.Draft(world, customer, subscription, subscription.Str("currency")!, "subscription_create", lines, new
        {
            due_date = subscription.Int("days_until_due") is { } days ? world.Now + days * 24 * 3600 : (long?)null,
        });
        InvoiceLife.AddLines(world, invoice, [.. pending.Select(item => InvoiceItems.ToLine(world, item, invoice))]);
        subscription["latest_invoice"] = invoice.Id();
        InvoiceLife.Finalize(world, invoice);
        if (subscription.Str("collection_method") == "send_invoice" && subscription.Str("status") == "incomplete")
            world.Change(subscription, "customer.subscription.updated", _ => subscription["status"] = "active");
        if (invoice.Str("status") != "open" || subscription.Str("collection_method") == "send_invoice" || behavior == "default_incomplete")
            return;
        var refused = Collection.Attempt(world, invoice);
        if (before is null || invoice.Str("status") == "paid")
            return;
        // As if it had never been asked for.
        world.Restore(before);
        throw refused ?? new Refusal(402, "card_error", "subscription_payment_intent_requires_action", "Payment for this subscription requires additional user action before it can be completed successfully.");
    }
}
