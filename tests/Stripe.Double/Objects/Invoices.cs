using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

static class Invoices
{
    static readonly string[] settable = ["auto_advance", "collection_method", "custom_fields", "default_payment_method", "description", "due_date", "effective_at", "footer", "metadata", "number", "rendering", "statement_descriptor", "payment_settings"];

    internal static void Map(Routes routes)
    {
        routes.Post<InvoiceCreateOptions>("/v1/invoices", Create);
        routes.Post<InvoiceCreatePreviewOptions>("/v1/invoices/create_preview", InvoicePreviews.Create);
        routes.Retrieve("/v1/invoices/{id}", "invoice");
        routes.Post<InvoiceUpdateOptions>("/v1/invoices/{id}", Update);
        routes.Delete<BaseOptions>("/v1/invoices/{id}", Delete);
        routes.Get<InvoiceListOptions>("/v1/invoices", List);
        routes.Get<InvoiceSearchOptions>("/v1/invoices/search", call => Search.Page(call, "invoice"));
        routes.Get<InvoiceLineItemListOptions>("/v1/invoices/{id}/lines", call => Lists.Of(call, call.World.Store.Where("line_item", "invoice", call.Found("invoice").Id())));
        routes.Post<InvoiceFinalizeOptions>("/v1/invoices/{id}/finalize", Finalize);
        routes.Post<InvoicePayOptions>("/v1/invoices/{id}/pay", Pay);
        routes.Post<InvoiceSendOptions>("/v1/invoices/{id}/send", Send);
        routes.Post<InvoiceVoidOptions>("/v1/invoices/{id}/void", call => InvoiceLife.Void(call.World, call.Found("invoice")));
        routes.Post<InvoiceMarkUncollectibleOptions>("/v1/invoices/{id}/mark_uncollectible", call => InvoiceLife.MarkUncollectible(call.World, call.Found("invoice")));
    }

    static JsonObject Create(Call call)
    {
        var world = call.World;
        var subscription = call.Named("subscription", "subscription");
        var customer = Customers.Living(world, subscription?.Str("customer") ?? call.Need("customer"));
        var currency = call.Sent.Str("currency") ?? subscription?.Str("currency") ?? customer.Str("currency") ?? world.Options.Currency;
        if (call.Sent.Str("collection_method") == "send_invoice" && !call.Sent.ContainsKey("days_until_due") && !call.Sent.ContainsKey("due_date"))
            throw Refusal.Invalid("If `collection_method` is `send_invoice`, you must specify either `days_until_due` or `due_date`.", "days_until_due");
        var invoice = InvoiceLife.Draft(world, customer, subscription, currency, "manual", [], new { due_date = Due(call), default_tax_rates = TaxRates.Named(world, call.Sent, "default_tax_rates") });
        invoice.Take(call.Sent, settable);
        if (call.Sent.ContainsKey("discounts"))
            invoice["discounts"] = Discounts.Redeem(world, call.Sent, new { customer = customer.Id(), invoice = invoice.Id() }).Select(discount => discount.Id()).Array();
        if (subscription is not null || call.Sent.Str("pending_invoice_items_behavior") == "include")
            InvoiceLife.AddLines(world, invoice, [.. InvoiceItems.Pending(world, customer, subscription, currency).Select(item => InvoiceItems.ToLine(world, item, invoice))]);
        if (invoice.Is("auto_advance"))
            invoice["automatically_finalizes_at"] = call.Sent.Int("automatically_finalizes_at") ?? call.Now + (long)world.Options.FinalizesAfter.TotalSeconds;
        return invoice;
    }

    static long? Due(Call call) => call.Sent.Int("due_date") ?? (call.Sent.Int("days_until_due") is { } days ? call.Now + days * 24 * 3600 : null);

    static JsonObject Update(Call call)
    {
        var invoice = call.Found("invoice");
        if (invoice.Str("status") != "draft" && call.Sent.Select(pair => pair.Key).Except(["metadata", "auto_advance", "expand", "default_payment_method", "payment_settings", "description", "days_until_due", "due_date"]).FirstOrDefault() is { } frozen)
            throw Refusal.Invalid($"Finalized invoices can't be updated in this way: {frozen}.", frozen, "invoice_not_editable");
        return call.World.Change(invoice, "invoice.updated", _ =>
        {
            invoice.Take(call.Sent, settable);
            if (call.Sent.ContainsKey("days_until_due"))
                invoice["due_date"] = Due(call);
            if (call.Sent.ContainsKey("discounts"))
                invoice["discounts"] = Discounts.Redeem(call.World, call.Sent, new { customer = invoice.Str("customer"), invoice = invoice.Id() }).Select(discount => discount.Id()).Array();
            if (call.Sent.ContainsKey("default_tax_rates"))
                invoice["default_tax_rates"] = TaxRates.Named(call.World, call.Sent, "default_tax_rates").Array();
            if (invoice.Str("status") == "draft")
                InvoiceLife.Recompute(call.World, invoice);
        });
    }

    static JsonObject Delete(Call call)
    {
        var invoice = call.Found("invoice");
        if (invoice.Str("status") != "draft" || invoice.Obj("parent") is not null)
            throw Refusal.Invalid("You can only delete draft invoices that are not part of a subscription.", code: "invoice_not_editable");
        foreach (var line in call.World.Store.Where("line_item", "invoice", invoice.Id()))
            call.World.Store.Remove(line);
        foreach (var item in call.World.Store.Where("invoiceitem", "invoice", invoice.Id()))
            item["invoice"] = null;
        call.World.Emit("invoice.deleted", invoice);
        call.World.Store.Remove(invoice);
        return Json.Of(new { id = invoice.Id(), @object = "invoice", deleted = true });
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("invoice");
        if (call.Sent.Str("subscription") is { } subscription)
            rows = rows.Where(invoice => invoice.Str("parent.subscription_details.subscription") == subscription);
        return Lists.Page(call, rows.Where(invoice => Lists.InRange(invoice, "due_date", call.Sent["due_date"])), "customer", "status", "collection_method");
    }

    static JsonObject Finalize(Call call)
    {
        var invoice = InvoiceLife.Finalize(call.World, call.Found("invoice"), call.Sent.Is("auto_advance") || call.Found("invoice").Is("auto_advance"));
        if (invoice.Is("auto_advance") && invoice.Str("status") == "open" && invoice.Str("collection_method") == "charge_automatically")
            invoice["next_payment_attempt"] = call.Now + (long)call.World.Options.FinalizesAfter.TotalSeconds;
        return invoice;
    }

    static JsonObject Pay(Call call)
    {
        var invoice = call.Found("invoice");
        InvoiceLife.Require(invoice, "paid", "draft", "open", "uncollectible");
        if (invoice.Str("status") == "draft")
            InvoiceLife.Finalize(call.World, invoice);
        if (invoice.Str("status") == "paid")
            return invoice;
        if (call.Sent.Is("paid_out_of_band"))
        {
            InvoiceLife.MarkPaid(call.World, invoice, offStripe: true);
            return invoice;
        }
        var method = call.Sent.Str("payment_method") is { } id ? PaymentMethods.Resolve(call.World, id).Id() : null;
        if (Collection.Attempt(call.World, invoice, method, isAutomatic: false) is { } refused)
            throw refused;
        return invoice.Str("status") == "paid" ? invoice : throw new Refusal(402, "invalid_request_error", "invoice_payment_intent_requires_action", "Payment for this invoice requires additional user action before it can be completed successfully.");
    }

    static JsonObject Send(Call call)
    {
        var invoice = call.Found("invoice");
        if (invoice.Str("collection_method") != "send_invoice")
            throw Refusal.Invalid("You can only manually send an invoice if its collection method is 'send_invoice'.");
        if (invoice.Str("status") == "draft")
            InvoiceLife.Finalize(call.World, invoice);
        call.World.Emit("invoice.sent", invoice);
        return invoice;
    }
}
