using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Subscriptions in the flexible billing mode, all items on one interval.</summary>
static class Subscriptions
{
    // Taken without effect they would make a test believe something that is not so.
    static readonly string[] refused = ["application_fee_percent", "backdate_start_date", "billing_schedules", "billing_thresholds", "billing_cycle_anchor_config", "on_behalf_of", "pending_invoice_item_interval", "transfer_data", "default_source", "trial_from_plan"];

    internal static readonly string[] Settable = ["collection_method", "days_until_due", "description", "metadata", "payment_settings", "invoice_settings", "cancellation_details"];

    internal static void Map(Routes routes)
    {
        routes.Post<SubscriptionCreateOptions>("/v1/subscriptions", SubscriptionCreation.Create);
        routes.Retrieve("/v1/subscriptions/{id}", "subscription");
        routes.Post<SubscriptionUpdateOptions>("/v1/subscriptions/{id}", SubscriptionChanges.Update);
        routes.Delete<SubscriptionCancelOptions>("/v1/subscriptions/{id}", Cancel);
        routes.Post<SubscriptionPauseOptions>("/v1/subscriptions/{id}/pause", Pause);
        routes.Post<SubscriptionResumeOptions>("/v1/subscriptions/{id}/resume", Resume);
        routes.Get<SubscriptionListOptions>("/v1/subscriptions", List);
        routes.Get<SubscriptionSearchOptions>("/v1/subscriptions/search", call => Search.Page(call, "subscription"));
        routes.Delete<BaseOptions>("/v1/subscriptions/{id}/discount", call => Living(call).With("discounts", new JsonArray()));
    }

    internal static void RefuseUnsupported(JsonObject sent)
    {
        if (refused.FirstOrDefault(key => sent[key] is not null) is { } key)
            throw Refusal.Invalid($"The double does not support {key}.", key);
    }

    internal static bool IsLiving(JsonObject subscription) => subscription.Str("status") is not ("canceled" or "incomplete_expired");

    internal static JsonObject Living(Call call)
    {
        var subscription = call.Found("subscription");
        return IsLiving(subscription) ? subscription : throw Refusal.NoSuch("subscription", call.Id);
    }

    internal static void SetPeriod(World world, JsonObject subscription, long start, long end)
    {
        subscription.Set(new { _start = start, _end = end });
        if (subscription.Is("cancel_at_period_end"))
            subscription["cancel_at"] = end;
        foreach (var item in SubscriptionItems.Of(world, subscription))
            SubscriptionItems.SetPeriod(item, subscription);
    }

    static JsonObject Cancel(Call call)
    {
        var (world, subscription) = (call.World, Living(call));
        var customer = world.Store[subscription.Str("customer")]!;
        if (call.Sent.Obj("cancellation_details") is { } details)
            subscription.Obj("cancellation_details")!.Take(details, "comment", "feedback");
        var credits = call.Sent.Is("prorate") ? Proration.Credits(world, subscription, SubscriptionItems.Of(world, subscription), call.Now) : [];
        foreach (var credit in credits)
            InvoiceItems.FromLine(world, customer, subscription, credit);
        if (call.Sent.Is("invoice_now"))
            SubscriptionChanges.InvoiceNow(world, customer, subscription, Renewals.Usage(world, subscription, subscription.Long("_start"), call.Now), "subscription_update");
        End(world, subscription, "cancellation_requested");
        return subscription;
    }

    /// <summary>The end: nothing is billed any more, and open invoices are left to be dealt with.</summary>
    internal static void End(World world, JsonObject subscription, string reason)
    {
        subscription.Set(new { status = "canceled", canceled_at = subscription.Int("canceled_at") ?? world.Now, ended_at = world.Now, pending_update = (object?)null, status_details = (object?)null });
        subscription["cancellation_details"]!["reason"] = reason;
        subscription.Remove("_pending");
        foreach (var invoice in world.Store.All("invoice").Where(invoice => invoice.Str("parent.subscription_details.subscription") == subscription.Id() && invoice.Str("status") is "draft" or "open"))
            invoice.Set(new { auto_advance = false, next_payment_attempt = (long?)null });
        world.Emit("customer.subscription.deleted", subscription);
    }

    /// <summary>The first payment never came.</summary>
    internal static void Expire(World world, JsonObject subscription)
    {
        world.Change(subscription, "customer.subscription.updated", _ => subscription.Set(new { status = "incomplete_expired", ended_at = world.Now }));
        if (world.Store[subscription.Str("latest_invoice")] is { } invoice && invoice.Str("status") == "open")
            InvoiceLife.Void(world, invoice);
    }

    static JsonObject Pause(Call call)
    {
        var subscription = Living(call);
        if (subscription.Str("status") is not ("active" or "trialing" or "past_due"))
            throw Refusal.Invalid($"This subscription cannot be paused: its status is {subscription.Str("status")}.", code: "subscription_not_pausable");
        if (call.Sent.Obj("bill_for") is { } billFor && billFor.Str("unused_time_from.type") == "now")
            foreach (var credit in Proration.Credits(call.World, subscription, SubscriptionItems.Of(call.World, subscription), call.Now))
                InvoiceItems.FromLine(call.World, call.World.Store[subscription.Str("customer")]!, subscription, credit);
        SubscriptionStatus.Pause(call.World, subscription, "pause_requested");
        return subscription;
    }

    static JsonObject Resume(Call call)
    {
        var (world, subscription) = (call.World, Living(call));
        if (subscription.Str("status") != "paused")
            throw Refusal.Invalid($"This subscription is not paused: its status is {subscription.Str("status")}.", code: "subscription_not_paused");
        var unchanged = call.Sent.Str("billing_cycle_anchor.type") == "unchanged" && subscription.Long("_end") > call.Now;
        if (unchanged)
        {
            world.Change(subscription, "customer.subscription.updated", _ => subscription.Set(new { status = "active", status_details = (object?)null }));
            world.Emit("customer.subscription.resumed", subscription);
            return subscription;
        }
        // A new period begins now, and the subscription lives again when its invoice is paid.
        subscription["billing_cycle_anchor"] = call.Now;
        SetPeriod(world, subscription, call.Now, Renewals.NextEnd(world, subscription, call.Now));
        var lines = Proration.Period(world, subscription, ItemPlan.Merge(world, subscription, []), call.Now, subscription.Long("_end"));
        SubscriptionChanges.InvoiceNow(world, world.Store[subscription.Str("customer")]!, subscription, lines, "subscription_update", invoice => subscription["_resumes_with"] = invoice.Id());
        return subscription;
    }

    static JsonObject List(Call call)
    {
        IEnumerable<JsonObject> rows = call.World.Store.All("subscription");
        rows = call.Sent.Str("status") switch
        {
            null => rows.Where(IsLiving),
            "all" => rows,
            "ended" => rows.Where(row => !IsLiving(row)),
            var status => rows.Where(row => row.Str("status") == status),
        };
        if (call.Sent.Str("price") is { } price)
            rows = rows.Where(row => SubscriptionItems.Of(call.World, row).Exists(item => item.Str("price") == price));
        return Lists.Page(call, rows, "customer", "collection_method", "test_clock");
    }
}
