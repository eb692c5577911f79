using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>One item by its own address: the same changes as through its subscription.</summary>
static class SubscriptionItems
{
    internal static void Map(Routes routes)
    {
        routes.Post<SubscriptionItemCreateOptions>("/v1/subscription_items", Create);
        routes.Retrieve("/v1/subscription_items/{id}", "subscription_item");
        routes.Post<SubscriptionItemUpdateOptions>("/v1/subscription_items/{id}", Update);
        routes.Delete<SubscriptionItemDeleteOptions>("/v1/subscription_items/{id}", Delete);
        routes.Get<SubscriptionItemListOptions>("/v1/subscription_items", call => Lists.Of(call, Of(call.World, call.NeedNamed("subscription", "subscription"))));
    }

    internal static List<JsonObject> Of(World world, JsonObject subscription) => [.. world.Store.Where("subscription_item", "subscription", subscription.Id()).Where(item => !item.Is("_deleted"))];

    internal static void SetPeriod(JsonObject item, JsonObject subscription) => item.Set(new
    {
        billed_until = subscription.Long("_end"),
        current_period_start = subscription.Long("_start"),
        current_period_end = subscription.Long("_end"),
    });

    static JsonObject Create(Call call)
    {
        var subscription = call.NeedNamed("subscription", "subscription");
        var before = Of(call.World, subscription).Select(item => item.Id()).ToHashSet();
        SubscriptionChanges.Change(call, subscription, [Only(call.Sent)]);
        return Of(call.World, subscription).Single(item => !before.Contains(item.Id()));
    }

    static JsonObject Update(Call call)
    {
        var item = call.Found("subscription_item");
        SubscriptionChanges.Change(call, call.World.Store[item.Str("subscription")]!, [Only(call.Sent).With("id", item.Id())]);
        return item;
    }

    static JsonObject Delete(Call call)
    {
        var item = call.Found("subscription_item");
        SubscriptionChanges.Change(call, call.World.Store[item.Str("subscription")]!, [Only(call.Sent).With("id", item.Id()).With("deleted", true)]);
        return Json.Of(new { id = item.Id(), @object = "subscription_item", deleted = true });
    }

    static JsonObject Only(JsonObject sent) => new JsonObject().Take(sent, "price", "price_data", "quantity", "metadata", "tax_rates", "discounts");
}
