using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Money from the platform to a connected account, and back.</summary>
static class Transfers
{
    internal static void Map(Routes routes)
    {
        routes.Post<TransferCreateOptions>("/v1/transfers", Create);
        routes.Retrieve("/v1/transfers/{id}", "transfer");
        routes.Post<TransferUpdateOptions>("/v1/transfers/{id}", call => call.World.Change(call.Found("transfer"), "transfer.updated", transfer => transfer.Take(call.Sent, "description", "metadata")));
        routes.Get<TransferListOptions>("/v1/transfers", call => call.List("transfer", "destination", "transfer_group"));
        routes.Post<TransferReversalCreateOptions>("/v1/transfers/{id}/reversals", Reverse);
        routes.Get<TransferReversalListOptions>("/v1/transfers/{id}/reversals", call => Lists.Page(call, call.World.Store.Where("transfer_reversal", "transfer", call.Found("transfer").Id())));
        routes.Get<BaseOptions>("/v1/transfers/{transfer}/reversals/{id}", call => call.Found("transfer_reversal"));
    }

    static JsonObject Create(Call call)
    {
        var (world, amount, currency) = (call.World, call.NeedInt("amount"), call.Need("currency"));
        var destination = world.Store[call.Need("destination")] is { } account && account.Str("object") == "account" ? account : throw Refusal.NoSuch("destination", call.Sent.Str("destination"), "destination");
        if (amount < 1)
            throw Refusal.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        if (destination.Str("capabilities.transfers") != "active")
            throw Refusal.Invalid("Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments", "destination", "insufficient_capabilities_for_transfer");
        var source = call.Named("charge", "source_transaction");
        // With a charge as its source a transfer waits for that charge's money, and needs none of its own.
        if (source is null && BalanceTransactions.Available(world, null, currency) < amount)
            throw Insufficient("You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card.");
        if (source is not null && Sent(world, source) + amount > source.Long("amount"))
            throw Refusal.Invalid("Transfers using this transaction as a source must not exceed the source amount.", "amount");
        var availableAt = world.Store[source?.Str("balance_transaction")]?.Long("available_on") ?? call.Now;
        var transfer = world.Add<Transfer>("tr", new
        {
            amount,
            currency,
            destination = destination.Id(),
            source_transaction = source?.Id(),
            source_type = "card",
            transfer_group = source?.Str("transfer_group"),
        }).Take(call.Sent, "description", "metadata", "transfer_group");
        transfer["balance_transaction"] = BalanceTransactions.Post(world, null, "transfer", "transfer", transfer.Id(), new(-amount, currency, null), availableAt: availableAt).Id();
        var payment = Received(world, transfer, destination.Id());
        transfer["destination_payment"] = payment.Id();
        payment["balance_transaction"] = BalanceTransactions.Post(world, destination.Id(), "payment", "charge", payment.Id(), new(amount, currency, null), availableAt: availableAt).Id();
        world.Emit("transfer.created", transfer);
        return transfer;
    }

    // The charge on the other side.
    static JsonObject Received(World world, JsonObject transfer, string account) => world.Add<Charge>("py", new
    {
        amount = transfer.Long("amount"),
        amount_captured = transfer.Long("amount"),
        billing_details = PaymentMethods.BillingDetails(),
        captured = true,
        currency = transfer.Str("currency"),
        fraud_details = new { },
        paid = true,
        payment_method_details = new { stripe_account = new { }, type = "stripe_account" },
        source_transfer = transfer.Id(),
        status = "succeeded",
        _account = account,
    });

    static JsonObject Reverse(Call call)
    {
        var (world, transfer) = (call.World, call.Found("transfer"));
        var left = transfer.Long("amount") - transfer.Long("amount_reversed");
        var amount = call.Sent.Int("amount") ?? left;
        var (account, currency) = (transfer.Str("destination")!, transfer.Str("currency")!);
        if (left == 0)
            throw Refusal.Invalid($"Transfer {transfer.Id()} is already fully reversed.", "id", "transfer_already_reversed");
        if (amount < 1 || amount > left)
            throw Refusal.Invalid($"Transfer reversal amount ({amount}) is greater than unreversed amount on transfer ({left})", "amount");
        if (BalanceTransactions.Balance(world, account) is var balance && balance.Objects("available").Concat(balance.Objects("pending")).Where(part => part.Str("currency") == currency).Sum(part => part.Long("amount")) < amount)
            throw Insufficient($"The connected account {account} has insufficient funds to cover the transfer reversal.");
        var reversal = world.Add<TransferReversal>("trr", new { amount, currency, transfer = transfer.Id() }).Take(call.Sent, "metadata");
        var availableAt = world.Store[transfer.Str("balance_transaction")]!.Long("available_on");
        reversal["balance_transaction"] = BalanceTransactions.Post(world, null, "transfer_refund", "transfer_reversal", reversal.Id(), new(amount, currency, null), availableAt: Math.Max(call.Now, availableAt)).Id();
        BalanceTransactions.Post(world, account, "payment_refund", "refund", transfer.Str("destination_payment")!, new(-amount, currency, null), availableAt: Math.Max(call.Now, availableAt));
        world.Change(transfer, "transfer.updated", _ => transfer.Set(new { amount_reversed = transfer.Long("amount_reversed") + amount, reversed = amount == left }));
        world.Emit("transfer.reversed", transfer);
        return reversal;
    }

    static long Sent(World world, JsonObject source) => world.Store.Where("transfer", "source_transaction", source.Id()).Sum(transfer => transfer.Long("amount") - transfer.Long("amount_reversed"));

    internal static Refusal Insufficient(string message) => Refusal.Invalid(message, code: "balance_insufficient");
}
