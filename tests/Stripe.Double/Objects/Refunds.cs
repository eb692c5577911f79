using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Money back to the card. Stripe keeps its fee. A refund may succeed and fail days later: then the money comes back.</summary>
static class Refunds
{
    const long pendingForSeconds = 3600, failsAfterSeconds = 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Post<RefundCreateOptions>("/v1/refunds", Create);
        routes.Retrieve("/v1/refunds/{id}", "refund");
        routes.Post<RefundUpdateOptions>("/v1/refunds/{id}", call => call.World.Change(call.Found("refund"), "refund.updated", refund => refund.Take(call.Sent, "metadata")));
        routes.Get<RefundListOptions>("/v1/refunds", call => call.List("refund", "charge", "payment_intent"));
    }

    static JsonObject Create(Call call)
    {
        var charge = call.Named("charge", "charge") ?? call.World.Store[call.Named("payment_intent", "payment_intent")?.Str("latest_charge")] ?? throw Refusal.Missing("charge");
        return New(call.World, charge, call.Sent.Int("amount"), call.Sent.Str("reason"), call.Sent.Obj("metadata"));
    }

    internal static JsonObject New(World world, JsonObject charge, long? asked, string? reason, JsonObject? metadata)
    {
        var left = charge.Long("amount") - charge.Long("amount_refunded");
        if (charge.Str("status") != "succeeded")
            throw Refusal.Invalid($"This {charge.Id()} cannot be refunded: it did not succeed.", "charge");
        if (charge.Is("disputed") && world.Store.Where("dispute", "charge", charge.Id()).Any(dispute => !dispute.Is("is_charge_refundable")))
            throw Refusal.Invalid($"Charge {charge.Id()} has been charged back; cannot issue a refund.", code: "charge_disputed");
        if (left == 0)
            throw Refusal.Invalid($"Charge {charge.Id()} has already been refunded.", code: "charge_already_refunded");
        var amount = asked ?? left;
        if (amount < 1)
            throw Refusal.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        if (amount > left)
            throw Refusal.Invalid($"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount");
        return Issue(world, charge, amount, reason, metadata);
    }

    static JsonObject Issue(World world, JsonObject charge, long amount, string? reason, JsonObject? metadata)
    {
        var does = TestCards.Does(world.Store[charge.Str("payment_method")]!);
        var refund = world.Add<Refund>("re", new
        {
            amount,
            reason,
            charge = charge.Id(),
            currency = charge.Str("currency"),
            customer = charge.Str("customer"),
            destination_details = new { card = new { reference_status = "pending", reference_type = "acquirer_reference_number", type = "refund" }, type = "card" },
            metadata = Json.Merged(null, metadata ?? []),
            payment_intent = charge.Str("payment_intent"),
            payment_method = charge.Str("payment_method"),
            status = does == CardDoes.DelayRefunds ? "pending" : "succeeded",
            _account = charge.Str("_account"),
            _succeeds_at = does == CardDoes.DelayRefunds ? world.Now + pendingForSeconds : (long?)null,
            _fails_at = does == CardDoes.FailRefunds ? world.Now + failsAfterSeconds : (long?)null,
        });
        var original = world.Store[charge.Str("balance_transaction")]!;
        refund["balance_transaction"] = BalanceTransactions.Post(world, charge.Str("_account"), "refund", "refund", refund.Id(), -BalanceTransactions.Settle(world, amount, charge.Str("currency")!),
            availableAt: Math.Max(world.Now, original.Long("available_on"))).Id();
        world.Emit("refund.created", refund);
        world.Change(charge, "charge.refunded", _ => Count(charge, amount));
        return refund;
    }

    /// <summary>The bank sent the money back.</summary>
    internal static void Fail(World world, JsonObject refund, string reason)
    {
        if (refund.Str("status") is not ("succeeded" or "pending"))
            throw Refusal.Invalid($"This refund is {refund.Str("status")} and cannot fail.");
        var charge = world.Store[refund.Str("charge")]!;
        var back = BalanceTransactions.Settle(world, refund.Long("amount"), refund.Str("currency")!);
        refund["_fails_at"] = null;
        world.Change(refund, "refund.updated", _ => refund.Set(new
        {
            status = "failed",
            failure_reason = reason,
            failure_balance_transaction = BalanceTransactions.Post(world, charge.Str("_account"), "refund_failure", "refund_failure", refund.Id(), back).Id(),
        }));
        Count(charge, -refund.Long("amount"));
        world.Emit("refund.failed", refund);
        world.Emit("charge.refund.updated", refund);
    }

    internal static IEnumerable<Due> Due(World world)
    {
        foreach (var refund in world.Store.All("refund"))
        {
            var testClock = world.Store[refund.Str("customer")]?.Str("test_clock");
            if (refund.Str("status") == "pending" && refund.Int("_succeeds_at") is { } at)
                yield return new(at, testClock, () => world.Change(refund, "refund.updated", _ => refund["status"] = "succeeded"));
            else if (refund.Int("_fails_at") is { } failsAt)
                yield return new(failsAt, testClock, () => Fail(world, refund, "expired_or_canceled_card"));
        }
    }

    static void Count(JsonObject charge, long amount)
    {
        var refunded = charge.Long("amount_refunded") + amount;
        charge.Set(new { amount_refunded = refunded, refunded = refunded == charge.Long("amount") });
    }
}
