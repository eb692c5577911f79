using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>What a line says: an amount, for what, and for which time.</summary>
sealed record LineOf(long Amount, string Currency, string? Description, long Start, long End)
{
    internal JsonObject? Price { get; init; }

    internal decimal? Unit { get; init; }

    internal long? Quantity { get; init; } = 1;

    internal IEnumerable<string> TaxRates { get; init; } = [];

    internal IEnumerable<string> Discounts { get; init; } = [];

    internal bool IsDiscountable { get; init; } = true;

    internal JsonObject? Metadata { get; init; }

    internal JsonObject? Subscription { get; init; }

    /// <summary>Set for a line of a subscription's item.</summary>
    internal JsonObject? Item { get; init; }

    /// <summary>Set for a line that comes from an invoice item.</summary>
    internal string? InvoiceItem { get; init; }

    internal bool IsProration { get; init; }

    /// <summary>The line, and its invoice, that a credit takes back.</summary>
    internal (string Invoice, string Line)? Credits { get; init; }
}

static class InvoiceLines
{
    /// <summary>A line that is on no invoice yet.</summary>
    internal static JsonObject New(World world, LineOf line)
    {
        var made = world.New<InvoiceLineItem>("il", new
        {
            amount = line.Amount,
            currency = line.Currency,
            description = line.Description,
            discount_amounts = Array.Empty<object>(),
            discountable = line.IsDiscountable,
            discounts = line.Discounts.ToArray(),
            metadata = line.Metadata ?? [],
            parent = Parent(line),
            period = new { end = line.End, start = line.Start },
            pretax_credit_amounts = Array.Empty<object>(),
            pricing = line.Price is null && line.Unit is null ? null : new
            {
                price_details = line.Price is null ? null : new { price = line.Price.Id(), product = line.Price.Str("product") },
                type = "price_details",
                unit_amount_decimal = line.Unit is { } unit ? Text(unit) : null,
            },
            quantity = line.Quantity,
            quantity_decimal = line.Quantity is { } quantity ? Text(quantity) : null,
            subscription = line.Subscription?.Id(),
            subtotal = line.Amount,
            taxes = Array.Empty<object>(),
            _tax_rates = line.TaxRates.ToArray(),
        });
        return made;
    }

    /// <summary>The price of that many units, with tiers where the price has them.</summary>
    internal static long Amount(JsonObject price, long quantity)
    {
        if (price.Str("billing_scheme") != "tiered")
            return Money.Round((price.Dec("unit_amount_decimal") ?? 0) * quantity);
        decimal total = 0;
        long below = 0;
        foreach (var tier in price.Objects("tiers"))
        {
            var upTo = tier.Str("up_to") is null or "inf" ? long.MaxValue : tier.Long("up_to");
            var isVolume = price.Str("tiers_mode") == "volume";
            if (isVolume && quantity > upTo)
                continue;
            var units = isVolume ? quantity : Math.Min(quantity, upTo) - below;
            if (units > 0)
                total += units * (tier.Dec("unit_amount_decimal") ?? tier.Long("unit_amount")) + (tier.Dec("flat_amount_decimal") ?? tier.Long("flat_amount"));
            if (isVolume)
                break;
            below = Math.Min(quantity, upTo);
        }
        return Money.Round(total);
    }

    internal static string Text(decimal number) => number.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>1 × Pro (at $20.00 / month), as Stripe words it.</summary>
    internal static string Describe(World world, JsonObject price, long quantity)
    {
        var product = world.Store[price.Str("product")]?.Str("name");
        var amount = price.Dec("unit_amount_decimal") is { } unit ? Display(unit, price.Str("currency")!) : "tiered";
        return price.Obj("recurring") is { } recurring ? $"{quantity} × {product} (at {amount} / {recurring.Str("interval")})" : $"{product}";
    }

    static string Display(decimal unit, string currency)
    {
        var digits = Money.Digits(currency);
        for (var i = 0; i < digits; i++)
            unit /= 10;
        return (currency == "usd" ? "$" : currency.ToUpperInvariant() + " ") + unit.ToString("N" + digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    static JsonObject Parent(LineOf line)
    {
        var credited = line.Credits is { } credits ? new { invoice = credits.Invoice, invoice_line_items = new[] { credits.Line } } : null;
        return line.Item is { } item
            ? Json.Of(new
            {
                invoice_item_details = (object?)null,
                subscription_item_details = new
                {
                    invoice_item = line.InvoiceItem,
                    proration = line.IsProration,
                    proration_details = new { credited_items = credited },
                    subscription = line.Subscription?.Id(),
                    subscription_item = item.Id(),
                },
                type = "subscription_item_details",
            })
            : Json.Of(new
            {
                invoice_item_details = new
                {
                    invoice_item = line.InvoiceItem,
                    proration = line.IsProration,
                    proration_details = new { credited_items = credited },
                    subscription = line.Subscription?.Id(),
                },
                subscription_item_details = (object?)null,
                type = "invoice_item_details",
            });
    }
}
