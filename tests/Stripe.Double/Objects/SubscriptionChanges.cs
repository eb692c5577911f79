using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>POST /v1/subscriptions/{id}, and the same changes by way of an item.</summary>
static class SubscriptionChanges
{
    internal static JsonObject Update(Call call)
    {
        var (world, subscription) = (call.World, call.Found("subscription"));
        Subscriptions.RefuseUnsupported(call.Sent);
        if (!Subscriptions.IsLiving(subscription) && call.Sent.Select(pair => pair.Key).Except(["metadata", "cancellation_details", "expand"]).Any())
            throw Refusal.Invalid("A canceled subscription can only update its cancellation_details and metadata.");
        var method = call.Sent.Str("default_payment_method") is { } id ? PaymentMethods.Attach(world, id, world.Store[subscription.Str("customer")]!).Id() : null;
        world.Change(subscription, "customer.subscription.updated", _ =>
        {
            Take(call, subscription);
            if (call.Sent.ContainsKey("default_payment_method"))
                subscription["default_payment_method"] = method;
        });
        if (call.Sent.Arr("items") is not null || call.Sent.Str("billing_cycle_anchor.type") == "now" || call.Sent.ContainsKey("trial_end"))
            Change(call, subscription, call.Sent.Objects("items"));
        return subscription;
    }

    static void Take(Call call, JsonObject subscription)
    {
        var details = subscription.Obj("cancellation_details")!.Copy();
        subscription.Take(call.Sent, Subscriptions.Settable);
        subscription["cancellation_details"] = details.Take(call.Sent.Obj("cancellation_details") ?? [], "comment", "feedback");
        if (call.Sent.ContainsKey("default_tax_rates"))
            subscription["default_tax_rates"] = TaxRates.Named(call.World, call.Sent, "default_tax_rates").Array();
        if (call.Sent.ContainsKey("discounts"))
            subscription["discounts"] = Discounts.Redeem(call.World, call.Sent, new { customer = subscription.Str("customer"), subscription = subscription.Id() }).Select(discount => discount.Id()).Array();
        if (call.Sent.ContainsKey("pause_collection"))
            subscription["pause_collection"] = call.Sent.Obj("pause_collection") is { } pause
                ? Json.Of(new { behavior = pause.Str("behavior") ?? throw Refusal.Missing("pause_collection[behavior]"), resumes_at = pause.Int("resumes_at") }) : null;
        TakeEnd(subscription, call.Sent);
        if (subscription.Int("cancel_at") is not null && subscription.Int("canceled_at") is null)
            subscription["canceled_at"] = call.Now;
        else if (subscription.Int("cancel_at") is null)
            subscription["canceled_at"] = null;
    }

    /// <summary>When it is to end: at a date, or with its period.</summary>
    internal static void TakeEnd(JsonObject subscription, JsonObject sent)
    {
        if (sent.ContainsKey("cancel_at") && sent.ContainsKey("cancel_at_period_end"))
            throw Refusal.Invalid("Please pass in only one of `cancel_at` and `cancel_at_period_end`.", "cancel_at");
        if (sent.ContainsKey("cancel_at"))
            subscription.Set(new { cancel_at = sent.Str("cancel_at") is "min_period_end" or "max_period_end" ? subscription.Long("_end") : sent.Int("cancel_at"), cancel_at_period_end = false });
        if (sent.ContainsKey("cancel_at_period_end"))
            subscription.Set(new { cancel_at = sent.Is("cancel_at_period_end") ? subscription.Int("_end") : null, cancel_at_period_end = sent.Is("cancel_at_period_end") });
        if (subscription.Int("cancel_at") is not null)
            subscription["cancellation_details"]!["reason"] = "cancellation_requested";
    }

    /// <summary>What a change is: the items as they shall be, from when, and what it costs.</summary>
    internal sealed record Planned(List<ItemPlan> Plans, long At, bool RestartsPeriod, long End, List<JsonObject> Lines);

    /// <summary>Computes a change and does none of it; a preview ends here.</summary>
    internal static Planned Plan(World world, JsonObject subscription, IEnumerable<JsonObject> items, JsonObject sent)
    {
        var plans = ItemPlan.Merge(world, subscription, items);
        var at = sent.Int("proration_date") ?? world.Now;
        if (at < subscription.Long("_start") || at > subscription.Long("_end"))
            throw Refusal.Invalid("Cannot specify `proration_date` outside of the current period.", "proration_date");
        var current = world.Store[SubscriptionItems.Of(world, subscription)[0].Str("price")]!.Obj("recurring")!;
        var next = plans.First(plan => !plan.IsRemoved).Price.Obj("recurring")!;
        var endsTrial = subscription.Str("status") == "trialing" && (sent.Str("trial_end") == "now" || sent.Int("trial_end") <= world.Now);
        var otherInterval = (current.Str("interval"), current.Long("interval_count")) != (next.Str("interval"), next.Long("interval_count"));
        var trials = subscription.Str("status") == "trialing" && !endsTrial;
        var restarts = !trials && (otherInterval || endsTrial || sent.Str("billing_cycle_anchor.type") == "now");
        var end = restarts ? Periods.Add(at, next.Str("interval")!, next.Long("interval_count")) : subscription.Long("_end");
        var lines = trials || sent.Str("proration_behavior") == "none" ? [] : Proration.Lines(world, subscription, plans, at, restarts);
        if (restarts)
            lines.AddRange(Proration.Period(world, subscription, plans, at, end));
        return new(plans, at, restarts, end, lines);
    }

    internal static void Change(Call call, JsonObject subscription, IEnumerable<JsonObject> items)
    {
        var (world, customer) = (call.World, call.World.Store[subscription.Str("customer")]!);
        if (subscription.Obj("_pending") is not null)
            throw Refusal.Invalid("This subscription has a pending update, and cannot be changed before that is paid or has expired.", code: "subscription_pending_update");
        var planned = Plan(world, subscription, items, call.Sent);
        if (subscription.Str("status") == "incomplete" && planned.Plans.Exists(plan => plan.Changes))
            throw Refusal.Invalid("The subscription's first invoice has not been paid; its items cannot be changed.", "items");
        var behavior = call.Sent.Str("payment_behavior") ?? "allow_incomplete";
        var invoices = planned.Lines.Count > 0 && (planned.RestartsPeriod || call.Sent.Str("proration_behavior") == "always_invoice");
        if (behavior == "pending_if_incomplete" && invoices)
        {
            ChangeWhenPaid(world, customer, subscription, planned);
            return;
        }
        var before = behavior == "error_if_incomplete" && invoices ? world.Snapshot() : null;
        Apply(world, subscription, planned, call.Sent);
        if (!invoices)
            foreach (var line in planned.Lines)
                InvoiceItems.FromLine(world, customer, subscription, line);
        else if (InvoiceNow(world, customer, subscription, planned.Lines, "subscription_update", invoice => _ = Date(invoice, planned), collects: behavior != "default_incomplete") is { } refused && before is not null)
        {
            world.Restore(before);
            throw refused;
        }
    }

    static void Apply(World world, JsonObject subscription, Planned planned, JsonObject sent) => world.Change(subscription, "customer.subscription.updated", _ =>
    {
        ItemPlan.Apply(world, subscription, planned.Plans);
        foreach (var line in planned.Lines.Where(line => line.Long("amount") >= 0))
            world.Store[line.Str("parent.subscription_item_details.subscription_item")]!["_debit"] =
                Json.Of(new { amount = line.Long("amount"), start = line.Long("period.start"), end = line.Long("period.end") });
        if (planned.RestartsPeriod)
        {
            if (subscription.Str("status") == "trialing")
                subscription.Set(new { status = "active", trial_end = planned.At });
            subscription["billing_cycle_anchor"] = planned.At;
            Subscriptions.SetPeriod(world, subscription, planned.At, planned.End);
        }
        else if (sent.Int("trial_end") is { } trialEnd && trialEnd > world.Now)
        {
            subscription.Set(new { status = "trialing", trial_start = subscription.Int("trial_start") ?? world.Now, trial_end = trialEnd, billing_cycle_anchor = trialEnd });
            Subscriptions.SetPeriod(world, subscription, subscription.Long("_start"), trialEnd);
        }
    });

    static void ChangeWhenPaid(World world, JsonObject customer, JsonObject subscription, Planned planned)
    {
        var debits = SubscriptionItems.Of(world, subscription).ToDictionary(item => item, item => item["_debit"]?.DeepClone());
        JsonObject made = null!;
        InvoiceNow(world, customer, subscription, planned.Lines, "subscription_update", invoice =>
        {
            made = Date(invoice, planned);
            // The payment itself then applies the change.
            PendingUpdates.Keep(world, subscription, invoice, planned.Plans);
        });
        if (made.Str("status") != "paid")
            foreach (var (item, debit) in debits)
                item["_debit"] = debit;
    }

    static JsonObject Date(JsonObject invoice, Planned planned)
    {
        invoice["parent"]!["subscription_details"]!["subscription_proration_date"] = planned.At;
        return invoice;
    }

    /// <summary>An invoice of these lines and of what was waiting, made final and tried at once. Why it was not paid, or null.</summary>
    internal static Refusal? InvoiceNow(World world, JsonObject customer, JsonObject subscription, List<JsonObject> lines, string reason, Action<JsonObject>? first = null, bool collects = true)
    {
        var invoice = InvoiceLife.Draft(world, customer, subscription, subscription.Str("currency")!, reason, lines, new
        {
            due_date = subscription.Int("days_until_due") is { } days ? world.Now + days * 24 * 3600 : (long?)null,
        });
        InvoiceLife.AddLines(world, invoice, [.. InvoiceItems.Pending(world, customer, subscription, subscription.Str("currency")!).Select(item => InvoiceItems.ToLine(world, item, invoice))]);
        subscription["latest_invoice"] = invoice.Id();
        first?.Invoke(invoice);
        if (collects)
            return Collection.Advance(world, invoice);
        InvoiceLife.Finalize(world, invoice);
        return null;
    }
}
