using System.Globalization;
using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>What a unit costs. A price never changes: another amount is another price, and the old one is archived.</summary>
static class Prices
{
    internal static void Map(Routes routes)
    {
        routes.Post<PriceCreateOptions>("/v1/prices", Create);
        routes.Retrieve("/v1/prices/{id}", "price");
        routes.Post<PriceUpdateOptions>("/v1/prices/{id}", Update);
        routes.Get<PriceListOptions>("/v1/prices", List);
        routes.Get<PriceSearchOptions>("/v1/prices/search", call => Search.Page(call, "price"));
    }

    static JsonObject Create(Call call)
    {
        if (call.Sent.ContainsKey("product") == call.Sent.ContainsKey("product_data"))
            throw call.Sent.ContainsKey("product") ? Refusal.Invalid("You may only specify one of these parameters: product, product_data.") : Refusal.Missing("product");
        var product = call.Named("product", "product") ?? Products.New(call.World, call.Sent.Str("product_data.id"), call.Sent.Str("product_data.name") ?? throw Refusal.Missing("product_data[name]"))
            .Take(call.Sent.Obj("product_data")!, "metadata", "active", "statement_descriptor", "unit_label");
        return New(call.World, product, call.Sent);
    }

    /// <summary>A price from the keys of PriceCreateOptions or of one of the SDK's price_data options.</summary>
    internal static JsonObject New(World world, JsonObject product, JsonObject sent)
    {
        var currency = sent.Str("currency") ?? throw Refusal.Missing("currency");
        var isTiered = sent.Str("billing_scheme") == "tiered";
        var unit = sent.Dec("unit_amount_decimal") ?? sent.Int("unit_amount");
        if (unit is null && !isTiered && !sent.ContainsKey("custom_unit_amount"))
            throw Refusal.Invalid("Must provide exactly one of unit_amount, unit_amount_decimal, custom_unit_amount, or tiers.", "unit_amount");
        if (unit < 0)
            throw Refusal.Invalid("Invalid non-negative integer", "unit_amount");
        if (isTiered && sent.Arr("tiers") is null)
            throw Refusal.Missing("tiers");
        ClaimLookupKey(world, sent, null);
        var price = world.Add<Price>("price", new
        {
            active = true,
            billing_scheme = "per_unit",
            currency = currency.ToLowerInvariant(),
            product = product.Id(),
            recurring = Recurring(world, sent.Obj("recurring")),
            tax_behavior = "unspecified",
            type = sent.Obj("recurring") is null ? "one_time" : "recurring",
            unit_amount = unit is { } amount && amount == Math.Truncate(amount) ? (long?)amount : null,
            unit_amount_decimal = unit?.ToString("0.############", CultureInfo.InvariantCulture),
        }).Take(sent, "active", "billing_scheme", "lookup_key", "metadata", "nickname", "tax_behavior", "tiers", "tiers_mode", "transform_quantity", "custom_unit_amount", "currency_options");
        world.Emit("price.created", price);
        return price;
    }

    static object? Recurring(World world, JsonObject? sent)
    {
        if (sent is null)
            return null;
        if (sent.Str("meter") is { } meter)
            world.Find("billing.meter", meter, "recurring[meter]");
        var usage = sent.Str("usage_type") ?? "licensed";
        if (usage == "metered" && sent.Str("meter") is null)
            throw Refusal.Invalid("Metered prices must be backed by a meter: set recurring[meter].", "recurring[meter]");
        return new
        {
            interval = sent.Str("interval") ?? throw Refusal.Missing("recurring[interval]"),
            interval_count = sent.Int("interval_count") ?? 1,
            meter = sent.Str("meter"),
            trial_period_days = sent.Int("trial_period_days"),
            usage_type = usage,
        };
    }

    static JsonObject Update(Call call) => call.World.Change(call.Found("price"), "price.updated", price =>
    {
        if (call.Sent.Str("tax_behavior") is { } behavior && price.Str("tax_behavior") is var set && set != "unspecified" && set != behavior)
            throw Refusal.Invalid("You cannot modify tax_behavior once it has been set.", "tax_behavior");
        ClaimLookupKey(call.World, call.Sent, price);
        price.Take(call.Sent, "active", "lookup_key", "metadata", "nickname", "tax_behavior", "currency_options");
    });

    static void ClaimLookupKey(World world, JsonObject sent, JsonObject? claimant)
    {
        if (sent.Str("lookup_key") is not { } key || world.Store.Where("price", "lookup_key", key).Find(price => price != claimant && price.Is("active")) is not { } owner)
            return;
        if (!sent.Is("transfer_lookup_key"))
            throw Refusal.Invalid($"A price (`{owner.Id()}`) already uses that lookup key.", "lookup_key", "resource_already_exists");
        world.Change(owner, "price.updated", price => price["lookup_key"] = null);
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("price");
        if (call.Sent.Arr("lookup_keys") is not null)
            rows = rows.Where(row => row.Str("lookup_key") is { } key && call.Sent.Strings("lookup_keys").Contains(key));
        foreach (var (key, value) in call.Sent.Obj("recurring") ?? [])
            rows = rows.Where(row => row.Str($"recurring.{key}") == value!.ToString());
        return Lists.Page(call, rows, "active", "currency", "product", "type");
    }
}
