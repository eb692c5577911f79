using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>The lines of a credit note. Each takes discounts and tax of its invoice line in the proportion that it credits.</summary>
static class CreditNoteLines
{
    internal static List<JsonObject> Of(World world, JsonObject invoice, JsonObject sent)
    {
        var invoiced = world.Store.Where("line_item", "invoice", invoice.Id());
        if (sent.Arr("lines") is not null)
            return [.. sent.Objects("lines").Select(line => line.Str("type") == "custom_line_item" ? Custom(world, line) : Credited(world, invoiced, line))];
        // An amount alone is a total: it is divided over the lines by what they cost with tax.
        var amount = sent.Int("amount") ?? invoice.Long("total");
        var positive = invoiced.Where(line => Total(line) > 0).ToList();
        var parts = Money.Divide(amount, [.. positive.Select(Total)]);
        return [.. positive.Zip(parts).Where(pair => pair.Second > 0).Select(pair => Part(world, pair.First, pair.Second))];
    }

    static JsonObject Credited(World world, List<JsonObject> invoiced, JsonObject sent)
    {
        var line = invoiced.Find(line => line.Id() == sent.Str("invoice_line_item")) ?? throw Refusal.NoSuch("invoice line item", sent.Str("invoice_line_item"), "lines");
        var credited = world.Store.All("credit_note_line_item").Where(other => other.Str("invoice_line_item") == line.Id() && world.Store[other.Str("_credit_note")]?.Str("status") == "issued").Sum(other => other.Long("amount"));
        var amount = sent.Int("amount") ?? Money.Round((decimal)line.Long("amount") * (sent.Int("quantity") ?? line.Long("quantity")) / Math.Max(1, line.Long("quantity")));
        if (amount <= 0 || amount > line.Long("amount") - credited)
            throw Refusal.Invalid($"The amount ({amount}) is more than what can still be credited on line {line.Id()}.", "lines", "credit_note_amount_too_large");
        var off = Share(line.Objects("discount_amounts").Sum(entry => entry.Long("amount")), amount, line.Long("amount"));
        var made = New(world, line, amount, off, sent.Int("quantity"));
        made["taxes"] = line.Objects("taxes").Select(tax => (JsonNode)tax.Copy().Set(new { amount = Share(tax.Long("amount"), amount, line.Long("amount")), taxable_amount = Share(tax.Long("taxable_amount"), amount, line.Long("amount")) })).Array();
        return made;
    }

    // So much of the line's total that the sum with tax is exact: the tax is rounded, and the rest is the amount.
    static JsonObject Part(World world, JsonObject line, long total)
    {
        var taxes = line.Objects("taxes").Select(tax => tax.Copy().Set(new { amount = Share(tax.Long("amount"), total, Total(line)) })).ToList();
        var net = total - taxes.Where(tax => tax.Str("tax_behavior") == "exclusive").Sum(tax => tax.Long("amount"));
        foreach (var tax in taxes)
            tax["taxable_amount"] = tax.Str("tax_behavior") == "exclusive" ? net : net - tax.Long("amount");
        var off = Share(line.Objects("discount_amounts").Sum(entry => entry.Long("amount")), net, Totals.Net(line));
        return New(world, line, net + off, off, null).With("taxes", taxes.Select(tax => (JsonNode)tax).Array());
    }

    static JsonObject Custom(World world, JsonObject sent)
    {
        var quantity = sent.Int("quantity") ?? 1;
        var unit = sent.Dec("unit_amount_decimal") ?? sent.Int("unit_amount") ?? throw Refusal.Missing("lines[unit_amount]");
        var amount = Money.Round(unit * quantity);
        var rates = TaxRates.Named(world, sent, "tax_rates");
        var line = world.New<CreditNoteLineItem>("cnli", new
        {
            amount,
            quantity,
            description = sent.Str("description") ?? throw Refusal.Missing("lines[description]"),
            discount_amounts = Array.Empty<object>(),
            pretax_credit_amounts = Array.Empty<object>(),
            tax_rates = rates,
            type = "custom_line_item",
            unit_amount = unit == Math.Truncate(unit) ? (long?)unit : null,
            unit_amount_decimal = InvoiceLines.Text(unit),
        });
        line["taxes"] = rates.Select(id => world.Store[id]!).Select(rate => (JsonNode)Json.Of(new
        {
            amount = Money.Round(amount * rate.Dec("percentage")!.Value / 100),
            tax_behavior = rate.Is("inclusive") ? "inclusive" : "exclusive",
            tax_rate_details = new { tax_rate = rate.Id() },
            taxability_reason = "standard_rated",
            taxable_amount = amount,
            type = "tax_rate_details",
        })).Array();
        return line;
    }

    static JsonObject New(World world, JsonObject line, long amount, long off, long? quantity) => world.New<CreditNoteLineItem>("cnli", new
    {
        amount,
        quantity,
        description = line.Str("description"),
        discount_amount = off,
        discount_amounts = Array.Empty<object>(),
        invoice_line_item = line.Id(),
        pretax_credit_amounts = Array.Empty<object>(),
        tax_rates = line.Objects("taxes").Select(tax => tax.Str("tax_rate_details.tax_rate")).ToArray(),
        type = "invoice_line_item",
    });

    static long Total(JsonObject line) => Totals.Net(line) + line.Objects("taxes").Where(tax => tax.Str("tax_behavior") == "exclusive").Sum(tax => tax.Long("amount"));

    static long Share(long whole, long part, long of) => of == 0 ? 0 : Money.Round((decimal)whole * part / of);
}
