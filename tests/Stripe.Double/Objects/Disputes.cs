using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>
/// A customer's bank takes the money back at once, with a fee; it returns when the dispute is won. An inquiry moves no money. Opened, won and lost
/// by the control API and by some cards.
/// </summary>
static class Disputes
{
    const long evidenceWithinSeconds = 7 * 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Retrieve("/v1/disputes/{id}", "dispute");
        routes.Get<DisputeListOptions>("/v1/disputes", call => call.List("dispute", "charge", "payment_intent"));
        routes.Post<DisputeUpdateOptions>("/v1/disputes/{id}", Update);
        routes.Post<BaseOptions>("/v1/disputes/{id}/close", call => Lose(call.World, call.Found("dispute")));
    }

    internal static JsonObject Open(World world, JsonObject charge, string reason, bool isInquiry, long? asked = null)
    {
        if (charge.Str("status") != "succeeded" || charge.Is("disputed"))
            throw Refusal.Invalid($"{charge.Id()} cannot be disputed: it did not succeed, or is disputed already.", "charge");
        var amount = asked ?? charge.Long("amount") - charge.Long("amount_refunded");
        var dispute = world.New<Dispute>("du", new
        {
            amount,
            reason,
            balance_transactions = Array.Empty<string>(),
            charge = charge.Id(),
            currency = charge.Str("currency"),
            enhanced_eligibility_types = Array.Empty<string>(),
            evidence = Evidence(),
            evidence_details = new { due_by = world.Now + evidenceWithinSeconds, enhanced_eligibility = new { }, has_evidence = false, past_due = false, submission_count = 0 },
            is_charge_refundable = isInquiry,
            payment_intent = charge.Str("payment_intent"),
            payment_method_details = new { card = new { brand = charge.Str("payment_method_details.card.brand"), case_type = isInquiry ? "inquiry" : "chargeback", network_reason_code = "10.4" }, type = "card" },
            status = isInquiry ? "warning_needs_response" : "needs_response",
            _account = charge.Str("_account"),
        });
        world.Store.Add(dispute);
        charge["disputed"] = true;
        if (!isInquiry)
            Move(world, dispute, -1);
        world.Emit("charge.dispute.created", dispute);
        if (!isInquiry)
            world.Emit("charge.dispute.funds_withdrawn", dispute);
        return dispute;
    }

    /// <summary>The bank was convinced: the money is back, and the fee stays with Stripe.</summary>
    internal static JsonObject Win(World world, JsonObject dispute)
    {
        var isInquiry = Undecided(dispute).StartsWith("warning", StringComparison.Ordinal);
        world.Change(dispute, "charge.dispute.updated", _ =>
        {
            dispute["status"] = isInquiry ? "warning_closed" : "won";
            if (!isInquiry)
                Move(world, dispute, 1);
        });
        if (!isInquiry)
            world.Emit("charge.dispute.funds_reinstated", dispute);
        world.Emit("charge.dispute.closed", dispute);
        return dispute;
    }

    internal static JsonObject Lose(World world, JsonObject dispute)
    {
        if (Undecided(dispute).StartsWith("warning", StringComparison.Ordinal))
            throw Refusal.Invalid("An inquiry cannot be lost: escalate it first.");
        world.Change(dispute, "charge.dispute.updated", _ => dispute["status"] = "lost");
        world.Emit("charge.dispute.closed", dispute);
        return dispute;
    }

    /// <summary>An inquiry becomes a chargeback.</summary>
    internal static JsonObject Escalate(World world, JsonObject dispute)
    {
        if (!Undecided(dispute).StartsWith("warning", StringComparison.Ordinal))
            throw Refusal.Invalid("Only an inquiry can be escalated.");
        world.Change(dispute, "charge.dispute.updated", _ =>
        {
            dispute.Set(new { status = "needs_response", is_charge_refundable = false });
            dispute["payment_method_details"]!["card"]!["case_type"] = "chargeback";
            Move(world, dispute, -1);
        });
        world.Emit("charge.dispute.funds_withdrawn", dispute);
        return dispute;
    }

    static JsonObject Update(Call call)
    {
        var dispute = call.Found("dispute");
        Undecided(dispute);
        return call.World.Change(dispute, "charge.dispute.updated", _ =>
        {
            dispute.Take(call.Sent, "metadata");
            if (call.Sent.Obj("evidence") is { } evidence)
            {
                dispute.Obj("evidence")!.Take(evidence, [.. evidence.Select(pair => pair.Key)]);
                dispute["evidence_details"]!["has_evidence"] = true;
            }
            if (!call.Sent.ContainsKey("submit") || call.Sent.Is("submit"))
            {
                dispute["status"] = dispute.Str("status")!.Replace("needs_response", "under_review", StringComparison.Ordinal);
                dispute["evidence_details"]!["submission_count"] = dispute.Long("evidence_details.submission_count") + 1;
            }
        });
    }

    static string Undecided(JsonObject dispute) => dispute.Str("status") is "won" or "lost" or "warning_closed"
        ? throw Refusal.Invalid("This dispute is already closed.", code: "dispute_closed") : dispute.Str("status")!;

    static void Move(World world, JsonObject dispute, int sign)
    {
        var money = BalanceTransactions.Settle(world, dispute.Long("amount"), dispute.Str("currency")!);
        var moved = BalanceTransactions.Post(world, dispute.Str("_account"), "adjustment", sign < 0 ? "dispute" : "dispute_reversal", dispute.Id(), sign < 0 ? -money : money, sign < 0 ? world.Options.DisputeFee : 0);
        dispute.Arr("balance_transactions")!.Add(moved.Id());
    }

    static JsonObject Evidence() => new(Shape.Properties(typeof(DisputeEvidence)).Select(pair => KeyValuePair.Create(pair.Key, pair.Key == "enhanced_evidence" ? (JsonNode)new JsonObject() : null)));
}
