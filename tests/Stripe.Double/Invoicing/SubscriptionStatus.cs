using System.Text.Json.Nodes;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>What a subscription becomes when its invoices are paid, fail or are closed.</summary>
static class SubscriptionStatus
{
    internal static JsonObject? Of(World world, JsonObject invoice) => world.Store[invoice.Str("parent.subscription_details.subscription")];

    internal static void InvoicePaid(World world, JsonObject invoice)
    {
        var customer = world.Store[invoice.Str("customer")]!;
        if (customer.Is("delinquent") && !world.Store.Where("invoice", "customer", customer.Id()).Any(other => other.Str("status") == "open" && other.Long("attempt_count") > 0))
            world.Change(customer, "customer.updated", _ => customer["delinquent"] = false);
        if (Of(world, invoice) is not { } subscription)
            return;
        Discounts.UseUp(world, subscription);
        if (subscription.Str("_pending.invoice") == invoice.Id())
            PendingUpdates.Apply(world, subscription);
        var isCurrent = subscription.Str("latest_invoice") == invoice.Id();
        if (isCurrent && subscription.Str("status") is "incomplete" or "past_due" or "unpaid" || (subscription.Str("_resumes_with") is { } resumes && resumes == invoice.Id()))
            world.Change(subscription, "customer.subscription.updated", _ =>
            {
                var resumed = subscription.Str("status") == "paused";
                subscription.Set(new { status = "active", status_details = (object?)null });
                subscription.Remove("_resumes_with");
                if (resumed)
                    world.Emit("customer.subscription.resumed", subscription);
            });
    }

    internal static void PaymentFailed(World world, JsonObject invoice, bool isFinal)
    {
        var customer = world.Store[invoice.Str("customer")]!;
        if (!customer.Is("delinquent") && invoice.Str("billing_reason") != "subscription_create")
            world.Change(customer, "customer.updated", _ => customer["delinquent"] = true);
        if (Of(world, invoice) is not { } subscription || subscription.Obj("_pending") is not null || subscription.Str("_resumes_with") == invoice.Id())
            return;
        if (subscription.Str("status") is "active" or "trialing")
            world.Change(subscription, "customer.subscription.updated", _ => subscription["status"] = "past_due");
        if (isFinal && subscription.Str("status") == "past_due")
            GiveUp(world, subscription);
    }

    static void GiveUp(World world, JsonObject subscription)
    {
        switch (world.Options.AfterRetries)
        {
            case AfterRetries.Unpaid:
                world.Change(subscription, "customer.subscription.updated", _ => subscription["status"] = "unpaid");
                break;
            case AfterRetries.Cancel:
                Subscriptions.End(world, subscription, "payment_failed");
                break;
            case AfterRetries.Pause:
                Pause(world, subscription, "final_payment_failure");
                break;
            case AfterRetries.PastDue:
                break;
        }
    }

    internal static void Pause(World world, JsonObject subscription, string type)
    {
        world.Change(subscription, "customer.subscription.updated", _ => subscription.Set(new
        {
            status = "paused",
            status_details = new { paused = new { subscription = new { type }, transitioned_at = world.Now, type = "subscription" } },
        }));
        world.Emit("customer.subscription.paused", subscription);
    }

    /// <summary>The invoice was voided or given up: nothing of it holds the subscription back any more.</summary>
    internal static void InvoiceClosed(World world, JsonObject invoice)
    {
        if (Of(world, invoice) is not { } subscription || subscription.Str("latest_invoice") != invoice.Id() || invoice.Str("status") != "void")
            return;
        if (subscription.Str("status") == "incomplete")
            Subscriptions.Expire(world, subscription);
        else if (subscription.Str("status") is "past_due" or "unpaid")
            world.Change(subscription, "customer.subscription.updated", _ => subscription["status"] = "active");
    }

    /// <summary>Whether invoices of the subscription are made but not collected.</summary>
    internal static bool HoldsCollection(World world, JsonObject invoice) =>
        Of(world, invoice) is { } subscription && subscription.Str("_resumes_with") != invoice.Id() && (subscription.Obj("pause_collection") is not null || subscription.Str("status") is "unpaid" or "paused" or "canceled");
}
