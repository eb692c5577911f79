using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>What an item of a subscription is to become. The item is one that is there, or a new one that is not stored yet.</summary>
sealed record ItemPlan(JsonObject Item, JsonObject Price, long Quantity, bool IsNew, bool IsRemoved)
{
    const int itemsMax = 20;

    internal JsonObject Sent { get; init; } = [];

    internal bool IsMetered => Price.Str("recurring.usage_type") == "metered";

    internal bool Changes => IsNew || IsRemoved || Item.Str("price") != Price.Id() || Item.Long("quantity") != Quantity;

    internal long Amount => InvoiceLines.Amount(Price, Quantity);

    internal IEnumerable<string> TaxRates => Sent.ContainsKey("tax_rates") ? Sent.Strings("tax_rates") : Item.Strings("tax_rates");

    /// <summary>The items as they are, and as the list of options changes them.</summary>
    internal static List<ItemPlan> Merge(World world, JsonObject? subscription, IEnumerable<JsonObject> sent)
    {
        var plans = subscription is null ? [] : SubscriptionItems.Of(world, subscription)
            .Select(item => new ItemPlan(item, world.Store[item.Str("price")]!, item.Long("quantity"), false, false)).ToList();
        foreach (var change in sent)
        {
            if (change.Str("id") is not { } id)
            {
                plans.Add(Added(world, change, plans));
                continue;
            }
            var index = plans.FindIndex(plan => plan.Item.Id() == id);
            if (index < 0)
                throw Refusal.NoSuch("subscription item", id, "items");
            var price = change.ContainsKey("price") || change.ContainsKey("price_data") ? PriceOf(world, change) : plans[index].Price;
            plans[index] = plans[index] with { Price = price, Quantity = change.Int("quantity") ?? plans[index].Quantity, IsRemoved = change.Is("deleted"), Sent = change };
        }
        Check(plans);
        return plans;
    }

    static ItemPlan Added(World world, JsonObject change, List<ItemPlan> plans)
    {
        var price = PriceOf(world, change);
        if (plans.Exists(plan => plan.Price.Id() == price.Id() && !plan.IsRemoved))
            throw Refusal.Invalid($"Cannot add multiple subscription items with the same price: {price.Id()}.", "items");
        var item = world.New<SubscriptionItem>("si", new { quantity = 1, discounts = Array.Empty<string>(), tax_rates = Array.Empty<string>() });
        item["id"] = world.Ids.Next("si", 14);
        var quantity = change.Int("quantity") ?? 1;
        if (price.Str("recurring.usage_type") == "metered" && change.ContainsKey("quantity"))
            throw Refusal.Invalid("Quantity should not be specified where usage_type is `metered`.", "items");
        return new(item, price, quantity, true, false) { Sent = change };
    }

    static JsonObject PriceOf(World world, JsonObject change)
    {
        var price = change.Str("price") is { } id ? world.Find("price", id, "items[price]")
            : change.Obj("price_data") is { } data ? Prices.New(world, world.Find("product", data.Str("product"), "price_data[product]"), data)
            : throw Refusal.Missing("items[price]");
        if (price.Obj("recurring") is null)
            throw Refusal.Invalid("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", "items[price]");
        if (!price.Is("active"))
            throw Refusal.Invalid($"The price specified is inactive. This field only accepts active prices.", "items[price]");
        return price;
    }

    static void Check(List<ItemPlan> plans)
    {
        var left = plans.Where(plan => !plan.IsRemoved).ToList();
        if (left.Count == 0)
            throw Refusal.Invalid("A subscription must have at least one active item.", "items");
        if (left.Count > itemsMax)
            throw Refusal.Invalid($"You can only have up to {itemsMax} items.", "items");
        if (left.Exists(plan => plan.Quantity < 0))
            throw Refusal.Invalid("Invalid non-negative integer", "items[quantity]");
        if (left.Select(plan => plan.Price.Str("currency")).Distinct().Count() > 1)
            throw Refusal.Invalid("All prices on a subscription must have the same currency.", "items");
        if (left.Select(plan => (plan.Price.Str("recurring.interval"), plan.Price.Long("recurring.interval_count"))).Distinct().Count() > 1)
            throw Refusal.Invalid("The double bills all items of a subscription at the same interval.", "items");
    }

    internal JsonObject ToJson() => new()
    {
        ["item"] = Item.Copy(),
        ["price"] = Price.Id(),
        ["quantity"] = Quantity,
        ["new"] = IsNew,
        ["removed"] = IsRemoved,
        ["sent"] = Sent.Copy(),
    };

    internal static ItemPlan FromJson(World world, JsonObject json) =>
        new(json.Is("new") ? json.Obj("item")!.Copy() : world.Store[json.Str("item.id")]!, world.Store[json.Str("price")]!, json.Long("quantity"), json.Is("new"), json.Is("removed")) { Sent = json.Obj("sent")!.Copy() };

    /// <summary>Makes the items so. Their periods are the subscription's.</summary>
    internal static void Apply(World world, JsonObject subscription, IEnumerable<ItemPlan> plans)
    {
        foreach (var plan in plans)
        {
            if (plan.IsRemoved)
            {
                plan.Item["_deleted"] = true;
                continue;
            }
            plan.Item.Set(new { price = plan.Price.Id(), quantity = plan.Quantity, subscription = subscription.Id(), plan = Plan(plan.Price) });
            plan.Item.Take(plan.Sent, "metadata", "tax_rates");
            if (plan.Sent.ContainsKey("discounts"))
                plan.Item["discounts"] = Discounts.Redeem(world, plan.Sent, new { customer = subscription.Str("customer"), subscription_item = plan.Item.Id() }).Select(discount => discount.Id()).Array();
            SubscriptionItems.SetPeriod(plan.Item, subscription);
            if (plan.IsNew)
                world.Store.Add(plan.Item);
        }
    }

    // The old name of a price; the SDK still reads it.
    static JsonObject Plan(JsonObject price)
    {
        var plan = Shape.Of<Plan>().Set(new
        {
            id = price.Id(),
            active = true,
            amount = price.Int("unit_amount"),
            amount_decimal = price.Str("unit_amount_decimal"),
            billing_scheme = price.Str("billing_scheme"),
            created = price.Long("created"),
            currency = price.Str("currency"),
            interval = price.Str("recurring.interval"),
            interval_count = price.Long("recurring.interval_count"),
            meter = price.Str("recurring.meter"),
            nickname = price.Str("nickname"),
            product = price.Str("product"),
            usage_type = price.Str("recurring.usage_type"),
        });
        plan.Remove("tiers");
        return plan;
    }
}
