using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>An invoice's way: draft, open, then paid, void or uncollectible.</summary>
static class InvoiceLife
{
    /// <summary>A draft with these lines. Nothing is due before it is final.</summary>
    internal static JsonObject Draft(World world, JsonObject customer, JsonObject? subscription, string currency, string reason, IReadOnlyList<JsonObject> lines, object? also = null)
    {
        var invoice = New(world, customer, subscription, currency, reason);
        if (also is not null)
            invoice.Set(also);
        world.Store.Add(invoice);
        customer["currency"] = currency;
        if (subscription is not null)
            invoice["discounts"] = Discounts.Current(world, subscription).Select(discount => discount.Id()).Array();
        AddLines(world, invoice, lines);
        world.Emit("invoice.created", invoice);
        return invoice;
    }

    /// <summary>An invoice that is in no store: a draft before it is kept, or a preview.</summary>
    internal static JsonObject New(World world, JsonObject customer, JsonObject? subscription, string currency, string reason)
    {
        var invoice = world.New<Invoice>("in", new
        {
            currency,
            account_country = world.Options.Country,
            account_name = "Stripe double",
            attempted = false,
            auto_advance = reason != "manual",
            automatic_tax = new { disabled_reason = (string?)null, enabled = false, liability = (object?)null, provider = (string?)null, status = (string?)null },
            billing_reason = reason,
            collection_method = subscription?.Str("collection_method") ?? "charge_automatically",
            customer = customer.Id(),
            customer_address = customer.Obj("address"),
            customer_email = customer.Str("email"),
            customer_name = customer.Str("name"),
            customer_phone = customer.Str("phone"),
            customer_shipping = customer.Obj("shipping"),
            customer_tax_exempt = customer.Str("tax_exempt"),
            customer_tax_ids = Array.Empty<object>(),
            default_payment_method = subscription?.Str("default_payment_method"),
            default_tax_rates = subscription?.Strings("default_tax_rates").ToArray() ?? [],
            discounts = Array.Empty<string>(),
            issuer = new { type = "self" },
            parent = subscription is null ? null : new
            {
                quote_details = (object?)null,
                subscription_details = new { metadata = subscription.Obj("metadata"), subscription = subscription.Id(), subscription_proration_date = world.Now },
                type = "subscription_details",
            },
            payment_settings = new { default_mandate = (string?)null, payment_method_options = (object?)null, payment_method_types = (object?)null },
            period_end = world.Now,
            period_start = world.Now,
            status = "draft",
            status_transitions = new { finalized_at = (long?)null, marked_uncollectible_at = (long?)null, paid_at = (long?)null, voided_at = (long?)null },
            test_clock = customer.Str("test_clock"),
            total_pretax_credit_amounts = Array.Empty<object>(),
        });
        // Only an upgrade that was prorated to a moment of its own names one.
        invoice.Obj("parent.subscription_details")?.Remove("subscription_proration_date");
        return invoice;
    }

    internal static void AddLines(World world, JsonObject invoice, IReadOnlyList<JsonObject> lines)
    {
        foreach (var line in lines)
            world.Store.Add(line.Set(new { invoice = invoice.Id() }));
        Recompute(world, invoice);
    }

    internal static void Recompute(World world, JsonObject invoice)
    {
        Totals.Compute(world, invoice, world.Store.Where("line_item", "invoice", invoice.Id()), [.. invoice.Strings("discounts").Select(id => world.Store[id]!)]);
        Totals.Balance(invoice, world.Store[invoice.Str("customer")]!.Long("balance"));
        Debits.Note(world, invoice);
    }

    internal static JsonObject Finalize(World world, JsonObject invoice, bool autoAdvance = true)
    {
        if (invoice.Str("status") != "draft")
            throw Refusal.Invalid($"This invoice is already finalized: {invoice.Id()} is {invoice.Str("status")}.", code: "invoice_not_editable");
        if (world.Store.Where("line_item", "invoice", invoice.Id()).Count == 0 && invoice.Obj("parent") is null)
            throw Refusal.Invalid("Nothing to invoice for customer", code: "invoice_no_customer_line_items");
        Recompute(world, invoice);
        var customer = world.Store[invoice.Str("customer")]!;
        var sequence = customer.Long("next_invoice_sequence");
        invoice.Set(new
        {
            auto_advance = autoAdvance,
            automatically_finalizes_at = (long?)null,
            status = "open",
            number = invoice.Str("number") ?? $"{customer.Str("invoice_prefix")}-{sequence:D4}",
            effective_at = invoice.Int("effective_at") ?? world.Now,
            hosted_invoice_url = world.Options.PageAddress("invoice.stripe.com", $"i/acct_double/{invoice.Id()}"),
            invoice_pdf = $"https://pay.stripe.com/invoice/acct_double/{invoice.Id()}/pdf",
        });
        invoice["status_transitions"]!["finalized_at"] = world.Now;
        customer["next_invoice_sequence"] = sequence + 1;
        var applied = invoice.Long("ending_balance") - invoice.Long("starting_balance");
        if (applied != 0)
            CustomerBalance.Post(world, customer, applied, invoice.Str("currency")!, "applied_to_invoice", invoice.Id());
        if (invoice.Long("amount_due") > 0)
            AskForPayment(world, invoice, customer);
        world.Emit("invoice.finalized", invoice);
        if (invoice.Long("amount_due") == 0)
            MarkPaid(world, invoice);
        return invoice;
    }

    static void AskForPayment(World world, JsonObject invoice, JsonObject customer)
    {
        var intent = PaymentIntents.New(world, invoice.Long("amount_due"), invoice.Str("currency")!, customer).Set(new { description = invoice.Obj("parent") is null ? "Payment for Invoice" : "Subscription payment", _invoice = invoice.Id() });
        InvoicePayments.New(world, invoice, intent);
        invoice["confirmation_secret"] = Json.Of(new { client_secret = intent.Str("client_secret"), type = "payment_intent" });
        world.Emit("payment_intent.created", intent);
    }

    /// <summary>Everything that follows from an invoice that is settled, by a card or otherwise.</summary>
    internal static void MarkPaid(World world, JsonObject invoice, bool offStripe = false)
    {
        var due = invoice.Long("amount_due");
        invoice.Set(new
        {
            status = "paid",
            attempted = true,
            amount_paid = due,
            amount_paid_off_stripe = offStripe ? due : 0,
            amount_remaining = 0,
            next_payment_attempt = (long?)null,
        });
        invoice["status_transitions"]!["paid_at"] = world.Now;
        if (offStripe)
            InvoicePayments.Cancel(world, invoice);
        else if (InvoicePayments.Of(world, invoice) is { } payment)
            InvoicePayments.Pay(world, payment);
        world.Emit("invoice.paid", invoice);
        world.Emit("invoice.payment_succeeded", invoice);
        SubscriptionStatus.InvoicePaid(world, invoice);
    }

    internal static JsonObject Void(World world, JsonObject invoice)
    {
        Require(invoice, "void", "open", "uncollectible");
        InvoicePayments.Cancel(world, invoice);
        var applied = invoice.Long("ending_balance") - invoice.Long("starting_balance");
        if (applied != 0)
            CustomerBalance.Post(world, world.Store[invoice.Str("customer")]!, -applied, invoice.Str("currency")!, "unapplied_from_invoice", invoice.Id());
        invoice.Set(new { status = "void", auto_advance = false, next_payment_attempt = (long?)null });
        invoice["status_transitions"]!["voided_at"] = world.Now;
        world.Emit("invoice.voided", invoice);
        SubscriptionStatus.InvoiceClosed(world, invoice);
        return invoice;
    }

    internal static JsonObject MarkUncollectible(World world, JsonObject invoice)
    {
        Require(invoice, "marked uncollectible", "open");
        invoice.Set(new { status = "uncollectible", auto_advance = false, next_payment_attempt = (long?)null });
        invoice["status_transitions"]!["marked_uncollectible_at"] = world.Now;
        world.Emit("invoice.marked_uncollectible", invoice);
        SubscriptionStatus.InvoiceClosed(world, invoice);
        return invoice;
    }

    internal static void Require(JsonObject invoice, string what, params string[] states)
    {
        if (invoice.Str("status") == "paid" && !states.Contains("paid"))
            throw Refusal.Invalid("Invoice is already paid", code: "invoice_already_paid");
        if (!states.Contains(invoice.Str("status")))
            throw Refusal.Invalid($"This invoice cannot be {what}: it is {invoice.Str("status")}.", code: "invoice_not_editable");
    }
}
