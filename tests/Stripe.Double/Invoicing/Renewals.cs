using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>What happens to subscriptions as time passes: trials end, periods roll over, what was to end ends.</summary>
static class Renewals
{
    const long trialNoticeSeconds = 3 * 24 * 3600;

    internal static IEnumerable<Due> Due(World world)
    {
        foreach (var subscription in world.Store.All("subscription"))
        {
            var testClock = subscription.Str("test_clock");
            Due At(long at, Action run) => new(at, testClock, run);
            if (subscription.Str("status") == "incomplete")
                yield return At(subscription.Long("created") + PendingUpdates.LapsesAfterSeconds, () => Subscriptions.Expire(world, subscription));
            if (!Subscriptions.IsLiving(subscription) || subscription.Str("status") == "incomplete")
                continue;
            if (subscription.Int("cancel_at") is { } cancelAt)
                yield return At(cancelAt, () => Subscriptions.End(world, subscription, subscription.Str("cancellation_details.reason") ?? "cancellation_requested"));
            if (subscription.Int("pending_update.expires_at") is { } lapses)
                yield return At(lapses, () => PendingUpdates.Lapse(world, subscription));
            if (subscription.Int("pause_collection.resumes_at") is { } resumes)
                yield return At(resumes, () => world.Change(subscription, "customer.subscription.updated", _ => subscription["pause_collection"] = null));
            if (subscription.Str("status") == "trialing" && !subscription.Is("_trial_told"))
                yield return At(Math.Max(subscription.Long("trial_start"), subscription.Long("trial_end") - trialNoticeSeconds), () => Tell(world, subscription));
            // A paused subscription bills nothing.
            if (subscription.Str("status") != "paused")
                yield return At(subscription.Long("_end"), () => Renew(world, subscription));
        }
    }

    static void Tell(World world, JsonObject subscription)
    {
        subscription["_trial_told"] = true;
        world.Emit("customer.subscription.trial_will_end", subscription);
    }

    static void Renew(World world, JsonObject subscription)
    {
        var customer = world.Store[subscription.Str("customer")]!;
        var (start, end) = (subscription.Long("_start"), subscription.Long("_end"));
        var endsTrial = subscription.Str("status") == "trialing";
        if (endsTrial && subscription.Str("collection_method") == "charge_automatically" && PaymentMethods.Default(world, customer, subscription) is null
            && subscription.Str("trial_settings.end_behavior.missing_payment_method") is var missing and not "create_invoice")
        {
            if (missing == "cancel")
                Subscriptions.End(world, subscription, "cancellation_requested");
            else
                SubscriptionStatus.Pause(world, subscription, "trial_end_without_payment_method");
            return;
        }
        var usage = Usage(world, subscription, start, end);
        var held = subscription.Obj("pause_collection") is not null || subscription.Str("status") == "unpaid";
        var behavior = subscription.Str("pause_collection.behavior");
        world.Change(subscription, "customer.subscription.updated", _ =>
        {
            if (endsTrial)
                subscription.Set(new { status = "active", billing_cycle_anchor = end });
            Subscriptions.SetPeriod(world, subscription, end, NextEnd(world, subscription, end));
            var invoice = Draft(world, customer, subscription, usage, start, end);
            invoice["auto_advance"] = !held || behavior is "void" or "mark_uncollectible";
            invoice["_close_as"] = behavior;
            subscription["latest_invoice"] = invoice.Id();
        });
    }

    /// <summary>The end of the period that begins at the moment.</summary>
    internal static long NextEnd(World world, JsonObject subscription, long start)
    {
        var recurring = world.Store[SubscriptionItems.Of(world, subscription)[0].Str("price")]!.Obj("recurring")!;
        return Periods.Next(subscription.Long("billing_cycle_anchor"), recurring.Str("interval")!, recurring.Long("interval_count"), start);
    }

    static JsonObject Draft(World world, JsonObject customer, JsonObject subscription, List<JsonObject> usage, long start, long end)
    {
        var lines = Proration.Period(world, subscription, ItemPlan.Merge(world, subscription, []), end, subscription.Long("_end"));
        var invoice = InvoiceLife.Draft(world, customer, subscription, subscription.Str("currency")!, "subscription_cycle", [.. usage, .. lines], new
        {
            period_start = start,
            period_end = end,
            automatically_finalizes_at = world.Now + (long)world.Options.FinalizesAfter.TotalSeconds,
            due_date = subscription.Int("days_until_due") is { } days ? world.Now + days * 24 * 3600 : (long?)null,
        });
        InvoiceLife.AddLines(world, invoice, [.. InvoiceItems.Pending(world, customer, subscription, subscription.Str("currency")!).Select(item => InvoiceItems.ToLine(world, item, invoice))]);
        return invoice;
    }

    /// <summary>What was used in the period, by each metered item.</summary>
    internal static List<JsonObject> Usage(World world, JsonObject subscription, long start, long end)
    {
        var lines = new List<JsonObject>();
        foreach (var item in SubscriptionItems.Of(world, subscription))
        {
            var price = world.Store[item.Str("price")]!;
            if (price.Str("recurring.meter") is not { } meter)
                continue;
            var used = (long)Meters.Aggregate(world, world.Store[meter]!, subscription.Str("customer")!, start, end);
            lines.Add(InvoiceLines.New(world, new LineOf(InvoiceLines.Amount(price, used), price.Str("currency")!, InvoiceLines.Describe(world, price, used), start, end)
            {
                Price = price,
                Unit = price.Dec("unit_amount_decimal"),
                Quantity = used,
                Subscription = subscription,
                Item = item,
                TaxRates = item.Strings("tax_rates"),
            }).Set(new { _usage = true }));
        }
        return lines;
    }
}
