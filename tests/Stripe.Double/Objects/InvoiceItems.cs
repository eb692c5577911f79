using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Amounts that wait for the next invoice, or that are put on a draft.</summary>
static class InvoiceItems
{
    internal static void Map(Routes routes)
    {
        routes.Post<InvoiceItemCreateOptions>("/v1/invoiceitems", Create);
        routes.Retrieve("/v1/invoiceitems/{id}", "invoiceitem");
        routes.Post<InvoiceItemUpdateOptions>("/v1/invoiceitems/{id}", Update);
        routes.Get<InvoiceItemListOptions>("/v1/invoiceitems", List);
        routes.Delete<BaseOptions>("/v1/invoiceitems/{id}", Delete);
    }

    static JsonObject Create(Call call)
    {
        var world = call.World;
        var customer = Customers.Living(world, call.Need("customer"));
        var draft = call.Named("invoice", "invoice");
        if (draft is not null && draft.Str("status") != "draft")
            throw Refusal.Invalid($"This invoice is no longer editable: {draft.Id()} is {draft.Str("status")}.", "invoice", "invoice_not_editable");
        var subscription = call.Named("subscription", "subscription");
        var price = call.Sent.Str("pricing.price") is { } id ? world.Find("price", id, "pricing[price]")
            : call.Sent.Obj("price_data") is { } data ? Prices.New(world, world.Find("product", data.Str("product"), "price_data[product]"), data) : null;
        var quantity = call.Sent.Int("quantity") ?? 1;
        var unit = price?.Dec("unit_amount_decimal") ?? call.Sent.Dec("unit_amount_decimal") ?? (call.Sent.Int("amount") is { } whole ? (decimal)whole / quantity : throw Refusal.Missing("amount"));
        var item = New(world, customer, subscription, new LineOf(call.Sent.Int("amount") ?? Money.Round(unit * quantity), price?.Str("currency") ?? call.Sent.Str("currency") ?? draft?.Str("currency") ?? throw Refusal.Missing("currency"),
            call.Sent.Str("description") ?? (price is null ? null : InvoiceLines.Describe(world, price, quantity)), call.Sent.Int("period.start") ?? call.Now, call.Sent.Int("period.end") ?? call.Now)
        {
            Price = price,
            Unit = unit,
            Quantity = quantity,
            TaxRates = TaxRates.Named(world, call.Sent, "tax_rates"),
            IsDiscountable = !call.Sent.ContainsKey("discountable") || call.Sent.Is("discountable"),
            Metadata = call.Sent.Obj("metadata"),
        });
        item["discounts"] = Discounts.Redeem(world, call.Sent, new { customer = customer.Id(), invoice_item = item.Id() }).Select(discount => discount.Id()).Array();
        if (draft is not null)
            InvoiceLife.AddLines(world, draft, [ToLine(world, item, draft)]);
        return item;
    }

    /// <summary>An item that waits for the next invoice of the subscription, or of the customer.</summary>
    internal static JsonObject New(World world, JsonObject customer, JsonObject? subscription, LineOf line)
    {
        var item = world.New<InvoiceItem>("ii", new
        {
            amount = line.Amount,
            currency = line.Currency,
            customer = customer.Id(),
            date = world.Now,
            description = line.Description,
            discountable = line.IsDiscountable,
            discounts = Array.Empty<string>(),
            metadata = Json.Merged(null, line.Metadata ?? []),
            net_amount = line.Amount,
            parent = subscription is null ? null : new
            {
                subscription_details = new { subscription = subscription.Id(), subscription_item = line.Item?.Id() },
                type = "subscription_details",
            },
            period = new { end = line.End, start = line.Start },
            pricing = new
            {
                price_details = line.Price is null ? null : new { price = line.Price.Id(), product = line.Price.Str("product") },
                type = "price_details",
                unit_amount_decimal = InvoiceLines.Text(line.Unit ?? line.Amount),
            },
            proration = line.IsProration,
            quantity = line.Quantity ?? 1,
            quantity_decimal = InvoiceLines.Text(line.Quantity ?? 1),
            tax_rates = line.TaxRates.ToArray(),
            test_clock = customer.Str("test_clock"),
        });
        if (line.Credits is { } credits)
            item["_credits"] = Json.Of(new { invoice = credits.Invoice, line = credits.Line });
        world.Store.Add(item);
        world.Emit("invoiceitem.created", item);
        return item;
    }

    /// <summary>A line that is not invoiced now, but waits for the next invoice.</summary>
    internal static void FromLine(World world, JsonObject customer, JsonObject subscription, JsonObject line)
    {
        var item = New(world, customer, subscription, new LineOf(line.Long("amount"), line.Str("currency")!, line.Str("description"), line.Long("period.start"), line.Long("period.end"))
        {
            Price = world.Store[line.Str("pricing.price_details.price")],
            Unit = line.Dec("pricing.unit_amount_decimal"),
            Quantity = line.Int("quantity"),
            TaxRates = line.Strings("_tax_rates"),
            IsDiscountable = line.Is("discountable"),
            Item = world.Store[line.Str("parent.subscription_item_details.subscription_item")],
            IsProration = true,
        });
        // The debit that a later change would give back is this one, on whatever invoice it comes to stand.
        if (line.Long("amount") >= 0 && world.Store[line.Str("parent.subscription_item_details.subscription_item")]?.Obj("_debit") is { } debit)
            debit["waits"] = item.Id();
        if (line.Obj("parent.subscription_item_details.proration_details.credited_items") is { } credited)
            item["_credits"] = Json.Of(new { invoice = credited.Str("invoice"), line = credited.Strings("invoice_line_items").First() });
    }

    /// <summary>The line that the item becomes.</summary>
    internal static JsonObject ToLine(World world, JsonObject item, JsonObject invoice)
    {
        item["invoice"] = invoice.Id();
        return InvoiceLines.New(world, new LineOf(item.Long("amount"), item.Str("currency")!, item.Str("description"), item.Long("period.start"), item.Long("period.end"))
        {
            Price = world.Store[item.Str("pricing.price_details.price")],
            Unit = item.Dec("pricing.unit_amount_decimal"),
            Quantity = item.Long("quantity"),
            TaxRates = item.Strings("tax_rates"),
            Discounts = item.Strings("discounts"),
            IsDiscountable = item.Is("discountable"),
            Metadata = item.Obj("metadata"),
            Subscription = world.Store[item.Str("parent.subscription_details.subscription")],
            Item = world.Store[item.Str("parent.subscription_details.subscription_item")],
            InvoiceItem = item.Id(),
            IsProration = item.Is("proration"),
            Credits = item.Obj("_credits") is { } credits ? (credits.Str("invoice")!, credits.Str("line")!) : null,
        });
    }

    /// <summary>Those that wait for an invoice of the subscription; without one, of the customer alone.</summary>
    internal static List<JsonObject> Pending(World world, JsonObject customer, JsonObject? subscription, string currency) => [.. world.Store.Where("invoiceitem", "customer", customer.Id())
        .Where(item => item.Str("invoice") is null && item.Str("currency") == currency && (item.Str("parent.subscription_details.subscription") is not { } of || of == subscription?.Id()))];

    static JsonObject Update(Call call)
    {
        var item = Waiting(call);
        item.Take(call.Sent, "amount", "description", "discountable", "metadata", "quantity", "period");
        return item.Set(new { net_amount = item.Long("amount") });
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("invoiceitem");
        if (call.Sent.ContainsKey("pending"))
            rows = rows.Where(item => item.Str("invoice") is null == call.Sent.Is("pending"));
        return Lists.Page(call, rows, "customer", "invoice");
    }

    static JsonObject Delete(Call call)
    {
        var item = Waiting(call);
        call.World.Store.Remove(item);
        call.World.Emit("invoiceitem.deleted", item);
        return Json.Of(new { id = item.Id(), @object = "invoiceitem", deleted = true });
    }

    static JsonObject Waiting(Call call)
    {
        var item = call.Found("invoiceitem");
        return item.Str("invoice") is null ? item : throw Refusal.Invalid("This invoice item is on an invoice and can no longer be changed.", code: "invoice_not_editable");
    }
}
