using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>
/// An invoice is the sum of its lines. Discounts come off line by line, each of what the one before has left; tax is a fixed rate on the rest, rounded
/// half up on each line; then the customer's balance is set against the total.
/// </summary>
static class Totals
{
    internal static void Compute(World world, JsonObject invoice, IReadOnlyList<JsonObject> lines, IReadOnlyList<JsonObject> discounts)
    {
        foreach (var line in lines)
            line.Set(new { discount_amounts = Array.Empty<object>(), taxes = Array.Empty<object>() });
        foreach (var line in lines.Where(line => line.Is("discountable")))
            foreach (var own in line.Strings("discounts"))
                TakeOff(world, world.Store[own]!, [line]);
        foreach (var discount in discounts)
            TakeOff(world, discount, [.. lines.Where(line => line.Is("discountable"))]);
        foreach (var line in lines)
            Tax(world, line, invoice);
        Sum(invoice, lines);
    }

    /// <summary>What of the line is left after its discounts.</summary>
    internal static long Net(JsonObject line) => line.Long("amount") - line.Objects("discount_amounts").Sum(entry => entry.Long("amount"));

    static void TakeOff(World world, JsonObject discount, List<JsonObject> lines)
    {
        var coupon = world.Store[discount.Str("source.coupon")]!;
        if (coupon.Obj("applies_to") is { } only)
            lines.RemoveAll(line => !only.Strings("products").Contains(line.Str("pricing.price_details.product")));
        var nets = lines.Select(Net).ToList();
        var off = coupon.Dec("percent_off") is { } percent
            ? [.. nets.Select(net => Money.Round(net * percent / 100))]
            : Money.Divide(Math.Min(coupon.Long("amount_off"), Math.Max(0, nets.Sum())), nets);
        foreach (var (index, line) in lines.Index())
            if (off[index] != 0)
                line.Arr("discount_amounts")!.Add(Json.Of(new { amount = off[index], discount = discount.Id() }));
    }

    static void Tax(World world, JsonObject line, JsonObject invoice)
    {
        var rates = line.Strings("_tax_rates").ToList();
        if (invoice.Str("customer_tax_exempt") is "exempt" or "reverse")
            return;
        if (rates.Count == 0)
            rates = [.. invoice.Arr("default_tax_rates")?.Select(rate => rate is JsonObject whole ? whole.Id() : rate!.ToString()) ?? []];
        var net = Net(line);
        foreach (var rate in rates.Select(id => world.Store[id]!))
        {
            var part = rate.Dec("percentage")!.Value / 100;
            var tax = rate.Is("inclusive") ? Money.Round(net - net / (1 + part)) : Money.Round(net * part);
            line.Arr("taxes")!.Add(Json.Of(new
            {
                amount = tax,
                tax_behavior = rate.Is("inclusive") ? "inclusive" : "exclusive",
                tax_rate_details = new { tax_rate = rate.Id() },
                taxability_reason = "standard_rated",
                taxable_amount = rate.Is("inclusive") ? net - tax : net,
                type = "tax_rate_details",
            }));
        }
    }

    static void Sum(JsonObject invoice, IReadOnlyList<JsonObject> lines)
    {
        var subtotal = lines.Sum(line => line.Long("amount"));
        var net = lines.Sum(Net);
        var taxes = lines.SelectMany(line => line.Objects("taxes")).ToList();
        long Of(string behavior) => taxes.Where(tax => tax.Str("tax_behavior") == behavior).Sum(tax => tax.Long("amount"));
        invoice.Set(new
        {
            subtotal,
            subtotal_excluding_tax = subtotal - Of("inclusive"),
            total = net + Of("exclusive"),
            total_excluding_tax = net - Of("inclusive"),
        });
        invoice["total_discount_amounts"] = lines.SelectMany(line => line.Objects("discount_amounts")).GroupBy(entry => entry.Str("discount"))
            .Select(group => (JsonNode)Json.Of(new { amount = group.Sum(entry => entry.Long("amount")), discount = group.Key })).Array();
        invoice["total_taxes"] = taxes.GroupBy(tax => tax.Str("tax_rate_details.tax_rate")).Select(group => (JsonNode)group.First().Copy()
            .Set(new { amount = group.Sum(tax => tax.Long("amount")), taxable_amount = group.Sum(tax => tax.Long("taxable_amount")) })).Array();
    }

    /// <summary>Sets the customer's balance against the total: what is due, and what the balance will be. Nothing is posted yet.</summary>
    internal static void Balance(JsonObject invoice, long balance)
    {
        var total = invoice.Long("total");
        var due = Math.Max(0, total + balance);
        // An invoice too small to charge is added to what the customer owes.
        if (due < Money.ChargeMin(invoice.Str("currency")!) && total != 0)
            due = 0;
        invoice.Set(new { starting_balance = balance, amount_due = due, amount_remaining = due, ending_balance = balance + total - due });
    }
}
