using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>
/// POST /v1/invoices/create_preview: the next invoice as it would be. A change that is invoiced at once shows that invoice; otherwise the next
/// renewal with what waits for it. Nothing is kept.
/// </summary>
static class InvoicePreviews
{
    internal static JsonObject Create(Call call)
    {
        var (world, sent) = (call.World, call.Sent);
        if (sent.ContainsKey("schedule") || sent.ContainsKey("schedule_details"))
            throw Refusal.Invalid("The double does not support schedules.", "schedule");
        var subscription = call.Named("subscription", "subscription");
        var details = sent.Obj("subscription_details") ?? [];
        var customer = subscription is not null || sent.ContainsKey("customer") ? Customers.Living(world, subscription?.Str("customer") ?? call.Need("customer")) : Customers.Living(world, call.Need("customer"));
        // Whatever the computation stores or counts is taken back.
        var before = world.Snapshot();
        var preview = subscription is null ? Fresh(world, customer, sent, details) : Changed(world, customer, subscription, details);
        if (sent.ContainsKey("discounts"))
            preview.Discounts.AddRange(Discounts.Redeem(world, sent, new { customer = customer.Id() }));
        preview.Lines.AddRange(Items(world, sent, preview.Invoice.Str("currency")!));
        Totals.Compute(world, preview.Invoice, preview.Lines, preview.Discounts);
        Totals.Balance(preview.Invoice, customer.Long("balance"));
        var rendered = Render(world, preview);
        world.Restore(before);
        return rendered;
    }

    sealed record Preview(JsonObject Invoice, List<JsonObject> Lines, List<JsonObject> Discounts);

    static Preview Fresh(World world, JsonObject customer, JsonObject sent, JsonObject details)
    {
        if (details.Arr("items") is null or { Count: 0 })
            return new(InvoiceLife.New(world, customer, null, sent.Str("currency") ?? customer.Str("currency") ?? world.Options.Currency, "upcoming"), Pending(world, customer, null, sent.Str("currency") ?? world.Options.Currency), []);
        var plans = ItemPlan.Merge(world, null, details.Objects("items"));
        var currency = plans[0].Price.Str("currency")!;
        var end = Periods.Add(world.Now, plans[0].Price.Str("recurring.interval")!, plans[0].Price.Long("recurring.interval_count"));
        var imagined = Shape.Of<Subscription>().Set(new { id = (string?)null, customer = customer.Id(), currency, collection_method = "charge_automatically", default_tax_rates = details.Strings("default_tax_rates").ToArray(), metadata = details.Obj("metadata") ?? [] });
        var invoice = InvoiceLife.New(world, customer, imagined, currency, "upcoming").Set(new { period_start = world.Now, period_end = end });
        return new(invoice, [.. Proration.Period(world, imagined, plans, world.Now, end), .. Pending(world, customer, null, currency)], []);
    }

    static Preview Changed(World world, JsonObject customer, JsonObject subscription, JsonObject details)
    {
        if (!Subscriptions.IsLiving(subscription))
            throw Refusal.Invalid("No upcoming invoices for customer", code: "invoice_upcoming_none");
        var currency = subscription.Str("currency")!;
        var invoice = InvoiceLife.New(world, customer, subscription, currency, "upcoming");
        var discounts = Discounts.Current(world, subscription);
        if (details.Is("cancel_now"))
            return new(invoice, [.. Proration.Credits(world, subscription, SubscriptionItems.Of(world, subscription), details.Int("proration_date") ?? world.Now), .. Pending(world, customer, subscription, currency)], discounts);
        var planned = SubscriptionChanges.Plan(world, subscription, details.Objects("items"), details);
        if (details.ContainsKey("proration_date") || planned.Plans.Exists(plan => plan.Changes))
            invoice["parent"]!["subscription_details"]!["subscription_proration_date"] = planned.At;
        if (planned.RestartsPeriod || (details.Str("proration_behavior") == "always_invoice" && planned.Lines.Count > 0))
            return new(invoice.Set(new { period_start = planned.At, period_end = planned.At }), [.. planned.Lines, .. Pending(world, customer, subscription, currency)], discounts);
        if (subscription.Int("cancel_at") is { } cancelAt && cancelAt <= subscription.Long("_end"))
            throw Refusal.Invalid("No upcoming invoices for customer", code: "invoice_upcoming_none");
        var start = subscription.Long("_end");
        var recurring = planned.Plans.First(plan => !plan.IsRemoved).Price.Obj("recurring")!;
        var end = Periods.Next(subscription.Long("billing_cycle_anchor"), recurring.Str("interval")!, recurring.Long("interval_count"), start);
        invoice.Set(new { period_start = subscription.Long("_start"), period_end = start, next_payment_attempt = start + (long)world.Options.FinalizesAfter.TotalSeconds });
        return new(invoice, [.. planned.Lines, .. Renewals.Usage(world, subscription, subscription.Long("_start"), start), .. Proration.Period(world, subscription, planned.Plans, start, end), .. Pending(world, customer, subscription, currency)], discounts);
    }

    static List<JsonObject> Pending(World world, JsonObject customer, JsonObject? subscription, string currency) =>
        [.. InvoiceItems.Pending(world, customer, subscription, currency).Select(item => InvoiceItems.ToLine(world, item, Json.Of(new { id = (string?)null })))];

    static IEnumerable<JsonObject> Items(World world, JsonObject sent, string currency) => sent.Objects("invoice_items").Select(item =>
    {
        var price = item.Str("price") is { } id ? world.Find("price", id, "invoice_items[price]") : null;
        var quantity = item.Int("quantity") ?? 1;
        var amount = item.Int("amount") ?? (price is null ? Money.Round((item.Dec("unit_amount_decimal") ?? item.Long("unit_amount")) * quantity) : InvoiceLines.Amount(price, quantity));
        return InvoiceLines.New(world, new LineOf(amount, item.Str("currency") ?? currency, item.Str("description"), world.Now, world.Now) { Price = price, Unit = price?.Dec("unit_amount_decimal"), Quantity = quantity, TaxRates = item.Strings("tax_rates") });
    });

    static JsonObject Render(World world, Preview preview)
    {
        var invoice = preview.Invoice;
        invoice["id"] = "upcoming_" + invoice.Id();
        foreach (var line in preview.Lines)
            line["id"] = "il_tmp_" + line.Id()[3..];
        invoice["discounts"] = preview.Discounts.Select(discount => discount.Id()).Array();
        invoice["lines"] = Json.Of(new { @object = "list", has_more = false, url = $"/v1/invoices/{invoice.Id()}/lines" }).With("data", preview.Lines.Select(line => (JsonNode)line).Array());
        return world.Render(invoice);
    }
}
