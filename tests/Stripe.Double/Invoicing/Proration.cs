using System.Globalization;
using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>What a change in the middle of a period costs, to the second: a credit for what was debited, and a debit for the rest of the period.</summary>
static class Proration
{
    /// <summary>The lines of the change, on no invoice yet. Nothing is changed by it.</summary>
    internal static List<JsonObject> Lines(World world, JsonObject subscription, IReadOnlyList<ItemPlan> plans, long at, bool restartsPeriod)
    {
        var (start, end) = (subscription.Long("_start"), subscription.Long("_end"));
        var lines = new List<JsonObject>();
        foreach (var plan in plans.Where(plan => plan.Changes || restartsPeriod))
        {
            if (!plan.IsNew && Debits.Unused(plan.Item, at) is > 0 and var unused)
                lines.Add(Credit(world, subscription, plan.Item, unused, at, end));
            if (!plan.IsRemoved && !plan.IsMetered && !restartsPeriod)
                lines.Add(Debit(world, subscription, plan, Money.Round((decimal)plan.Amount * (end - at) / (end - start)), at, end));
        }
        return lines;
    }

    /// <summary>The credits for all that is left when the subscription ends at the moment.</summary>
    internal static List<JsonObject> Credits(World world, JsonObject subscription, IEnumerable<JsonObject> items, long at) =>
        [.. items.Select(item => (Item: item, Unused: Debits.Unused(item, at))).Where(pair => pair.Unused > 0).Select(pair => Credit(world, subscription, pair.Item, pair.Unused, at, subscription.Long("_end")))];

    static JsonObject Credit(World world, JsonObject subscription, JsonObject item, long unused, long at, long end)
    {
        var price = world.Store[item.Str("price")]!;
        return InvoiceLines.New(world, Line(subscription, item, price, item.Long("quantity"), -unused, $"Unused time on {Name(world, price, item.Long("quantity"))} after {Day(at)}", at, end) with
        {
            IsDiscountable = false,
            TaxRates = item.Strings("tax_rates"),
            Credits = (item.Str("_debit.invoice") ?? "", item.Str("_debit.line") ?? "") is ({ Length: > 0 }, { Length: > 0 }) credits ? credits : null,
        });
    }

    static JsonObject Debit(World world, JsonObject subscription, ItemPlan plan, long amount, long at, long end) =>
        InvoiceLines.New(world, Line(subscription, plan.Item, plan.Price, plan.Quantity, amount, $"Remaining time on {Name(world, plan.Price, plan.Quantity)} after {Day(at)}", at, end) with { TaxRates = plan.TaxRates });

    static LineOf Line(JsonObject subscription, JsonObject item, JsonObject price, long quantity, long amount, string description, long at, long end) =>
        new(amount, price.Str("currency")!, description, at, end)
        {
            Price = price,
            Unit = price.Dec("unit_amount_decimal"),
            Quantity = quantity,
            Subscription = subscription,
            Item = item,
            IsProration = true,
            Discounts = item.Strings("discounts"),
        };

    /// <summary>What the items cost for a whole period, in advance; usage is billed for the period that has passed.</summary>
    internal static List<JsonObject> Period(World world, JsonObject subscription, IEnumerable<ItemPlan> plans, long start, long end, decimal part = 1) =>
        [.. plans.Where(plan => !plan.IsRemoved && !plan.IsMetered).Select(plan => InvoiceLines.New(world, new LineOf(Money.Round(plan.Amount * part), plan.Price.Str("currency")!, InvoiceLines.Describe(world, plan.Price, plan.Quantity), start, end)
        {
            Price = plan.Price,
            Unit = plan.Price.Dec("unit_amount_decimal"),
            Quantity = plan.Quantity,
            Subscription = subscription,
            Item = plan.Item,
            TaxRates = plan.TaxRates,
            Discounts = plan.Item.Strings("discounts"),
        }))];

    static string Name(World world, JsonObject price, long quantity) => (quantity == 1 ? "" : $"{quantity} × ") + world.Store[price.Str("product")]?.Str("name");

    static string Day(long at) => DateTimeOffset.FromUnixTimeSeconds(at).ToString("dd MMM yyyy", CultureInfo.InvariantCulture);
}
