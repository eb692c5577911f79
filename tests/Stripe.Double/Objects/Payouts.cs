using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Money from a balance to its bank. It arrives after two days, or is sent back.</summary>
static class Payouts
{
    const long arrivesAfterSeconds = 2 * 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Post<PayoutCreateOptions>("/v1/payouts", Create);
        routes.Retrieve("/v1/payouts/{id}", "payout");
        routes.Post<PayoutUpdateOptions>("/v1/payouts/{id}", call => call.World.Change(call.Found("payout"), "payout.updated", payout => payout.Take(call.Sent, "metadata")));
        routes.Post<BaseOptions>("/v1/payouts/{id}/cancel", Cancel);
        routes.Get<PayoutListOptions>("/v1/payouts", call => call.List("payout", "status", "destination"));
    }

    static JsonObject Create(Call call)
    {
        var (world, amount, currency) = (call.World, call.NeedInt("amount"), call.Need("currency"));
        if (world.Account is { } account && !world.Store[account]!.Is("payouts_enabled"))
            throw Refusal.Invalid("Cannot create payouts: this account has requirements that need to be collected.", code: "payouts_not_allowed");
        if (BalanceTransactions.Available(world, world.Account, currency) < amount)
            throw Transfers.Insufficient("You have insufficient funds in your Stripe account for this transfer.");
        var payout = world.Add<Payout>("po", new
        {
            amount,
            currency,
            arrival_date = call.Now + arrivesAfterSeconds,
            automatic = false,
            destination = world.Store.Where("bank_account", "account", world.Account).FirstOrDefault()?.Id(),
            method = call.Sent.Str("method") ?? "standard",
            reconciliation_status = "not_applicable",
            source_type = "card",
            status = "pending",
            type = "bank_account",
        }).Take(call.Sent, "description", "metadata", "statement_descriptor");
        payout["balance_transaction"] = BalanceTransactions.Post(world, world.Account, "payout", "payout", payout.Id(), new(-amount, currency, null)).Id();
        world.Emit("payout.created", payout);
        return payout;
    }

    static JsonObject Cancel(Call call)
    {
        var payout = call.Found("payout");
        if (payout.Str("status") != "pending")
            throw Refusal.Invalid($"Payouts can only be canceled while they are pending; this one is {payout.Str("status")}.");
        Return(call.World, payout, "canceled", "payout_cancel");
        call.World.Emit("payout.canceled", payout);
        return payout;
    }

    /// <summary>The bank sent it back, even after it was paid.</summary>
    internal static JsonObject Fail(World world, JsonObject payout, string code)
    {
        if (payout.Str("status") is "canceled" or "failed")
            throw Refusal.Invalid($"This payout is {payout.Str("status")}.");
        payout.Set(new { failure_code = code, failure_message = "The bank account has been closed." });
        Return(world, payout, "failed", "payout_failure");
        world.Emit("payout.failed", payout);
        return payout;
    }

    static void Return(World world, JsonObject payout, string status, string type)
    {
        payout["status"] = status;
        payout["failure_balance_transaction"] = BalanceTransactions.Post(world, payout.Str("_account"), type, "payout_reversal", payout.Id(), new(payout.Long("amount"), payout.Str("currency")!, null)).Id();
    }

    internal static IEnumerable<Due> Due(World world) => world.Store.All("payout").Where(payout => payout.Str("status") == "pending").Select(payout => new Due(payout.Long("arrival_date"), null, () =>
    {
        payout["status"] = "paid";
        world.Emit("payout.paid", payout);
    }));
}
