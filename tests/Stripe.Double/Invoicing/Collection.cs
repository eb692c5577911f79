using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.Objects;
using Stripe.Double.State;

namespace Stripe.Double.Invoicing;

/// <summary>Getting an open invoice paid: the first attempt, the retries, and what comes when they are used up.</summary>
static class Collection
{
    /// <summary>One attempt to charge. Null when it paid or when the customer has to act; otherwise why not.</summary>
    internal static Refusal? Attempt(World world, JsonObject invoice, string? paymentMethod = null, bool isAutomatic = true)
    {
        var customer = world.Store[invoice.Str("customer")]!;
        var intent = world.Store[InvoicePayments.Of(world, invoice)?.Str("payment.payment_intent")]!;
        var subscription = world.Store[invoice.Str("parent.subscription_details.subscription")];
        var method = paymentMethod ?? PaymentMethods.Default(world, customer, subscription, invoice)?.Id();
        invoice.Set(new { attempted = true, attempt_count = invoice.Long("attempt_count") + (isAutomatic || invoice.Long("attempt_count") == 0 ? 1 : 0) });
        if (method is null)
            return Failed(world, invoice, isAutomatic, Refusal.Invalid("This customer has no attached payment source or default payment method. Please consider adding a default payment method.", code: "resource_missing"));
        PaymentIntents.Choose(world, intent, method);
        intent["_authenticated"] = intent.Is("_authenticated") || invoice.Is("_authenticated");
        if (PaymentIntents.Attempt(world, intent, isOffSession: false) is { } refused)
            return Failed(world, invoice, isAutomatic, refused);
        if (intent.Str("status") == "requires_action")
            return NeedsAction(world, invoice);
        InvoiceLife.MarkPaid(world, invoice);
        return null;
    }

    static Refusal? NeedsAction(World world, JsonObject invoice)
    {
        world.Emit("invoice.payment_action_required", invoice);
        SubscriptionStatus.PaymentFailed(world, invoice, isFinal: false);
        return null;
    }

    static Refusal Failed(World world, JsonObject invoice, bool isAutomatic, Refusal refused)
    {
        var retries = world.Options.Retries;
        var failures = (int)invoice.Long("attempt_count");
        var isRetried = isAutomatic && invoice.Is("auto_advance") && invoice.Str("billing_reason") is not "subscription_create";
        var isFinal = isRetried && failures > retries.Count;
        if (isAutomatic)
            invoice["next_payment_attempt"] = isRetried && !isFinal ? world.Now + (long)retries[failures - 1].TotalSeconds : null;
        world.Emit("invoice.payment_failed", invoice);
        SubscriptionStatus.PaymentFailed(world, invoice, isFinal);
        return refused;
    }

    internal static IEnumerable<Due> Due(World world)
    {
        foreach (var invoice in world.Store.All("invoice"))
        {
            var testClock = invoice.Str("test_clock");
            if (invoice.Str("status") == "draft" && invoice.Is("auto_advance") && invoice.Int("automatically_finalizes_at") is { } finalizes)
                yield return new(finalizes, testClock, () => Advance(world, invoice));
            else if (invoice.Str("status") == "open" && invoice.Int("next_payment_attempt") is { } attempt)
                yield return new(attempt, testClock, () => Attempt(world, invoice));
            else if (invoice.Str("status") == "open" && invoice.Int("due_date") is { } due && !invoice.Is("_overdue"))
                yield return new(due, testClock, () => Overdue(world, invoice));
        }
    }

    /// <summary>Makes a draft final and, where it is to be collected, tries at once.</summary>
    internal static Refusal? Advance(World world, JsonObject invoice)
    {
        InvoiceLife.Finalize(world, invoice);
        if (invoice.Str("status") == "open" && invoice.Str("_close_as") is { } closing)
        {
            // Collection is paused: the invoice is made and given up at once.
            _ = closing == "void" ? InvoiceLife.Void(world, invoice) : InvoiceLife.MarkUncollectible(world, invoice);
            return null;
        }
        if (invoice.Str("status") == "open" && invoice.Str("collection_method") == "charge_automatically" && !SubscriptionStatus.HoldsCollection(world, invoice))
            return Attempt(world, invoice);
        return null;
    }

    static void Overdue(World world, JsonObject invoice)
    {
        invoice["_overdue"] = true;
        world.Emit("invoice.overdue", invoice);
        SubscriptionStatus.PaymentFailed(world, invoice, isFinal: false);
    }
}
