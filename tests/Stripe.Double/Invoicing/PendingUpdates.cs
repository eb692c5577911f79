using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>A change that takes effect only when its invoice is paid, and lapses after 23 hours.</summary>
static class PendingUpdates
{
    internal const long LapsesAfterSeconds = 23 * 3600;

    internal static void Keep(World world, JsonObject subscription, JsonObject invoice, IReadOnlyList<ItemPlan> plans) => world.Change(subscription, "customer.subscription.updated", _ =>
    {
        subscription["_pending"] = new JsonObject { ["invoice"] = invoice.Id(), ["plans"] = plans.Select(plan => (JsonNode)plan.ToJson()).Array() };
        var items = plans.Where(plan => !plan.IsRemoved).Select(plan => (JsonNode)plan.Item.Copy().Set(new { price = plan.Price, quantity = plan.Quantity, subscription = subscription.Id(), current_period_start = subscription.Long("_start"), current_period_end = subscription.Long("_end"), billed_until = subscription.Long("_end") }));
        subscription["pending_update"] = Json.Of(new
        {
            billing_cycle_anchor = (long?)null,
            discount = (object?)null,
            discounts = (object?)null,
            expires_at = world.Now + LapsesAfterSeconds,
            metadata = (object?)null,
            trial_end = (long?)null,
            trial_from_plan = (bool?)null,
        }).With("subscription_items", items.Select(item => (JsonNode)new JsonObject(item.AsObject().Where(pair => pair.Key[0] != '_').Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())))).Array());
    });

    internal static void Apply(World world, JsonObject subscription)
    {
        var pending = subscription.Obj("_pending")!;
        world.Change(subscription, "customer.subscription.updated", _ =>
        {
            ItemPlan.Apply(world, subscription, [.. pending.Objects("plans").Select(plan => ItemPlan.FromJson(world, plan))]);
            Clear(subscription);
        });
        Debits.Note(world, world.Store[pending.Str("invoice")]!);
        world.Emit("customer.subscription.pending_update_applied", subscription);
    }

    internal static void Lapse(World world, JsonObject subscription)
    {
        var invoice = world.Store[subscription.Str("_pending.invoice")]!;
        world.Change(subscription, "customer.subscription.updated", _ => Clear(subscription));
        world.Emit("customer.subscription.pending_update_expired", subscription);
        InvoiceLife.Void(world, invoice);
    }

    static void Clear(JsonObject subscription)
    {
        subscription.Remove("_pending");
        subscription["pending_update"] = null;
    }
}
