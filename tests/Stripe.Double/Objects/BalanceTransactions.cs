using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.Invoicing;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Every movement on the balance of the platform or of a connected account. The balance is their sum and is kept nowhere else.</summary>
static class BalanceTransactions
{
    internal static void Map(Routes routes)
    {
        routes.Retrieve("/v1/balance_transactions/{id}", "balance_transaction");
        routes.Get<BalanceTransactionListOptions>("/v1/balance_transactions", call => call.List("balance_transaction", "currency", "payout", "source", "type"));
        routes.Get<BaseOptions>("/v1/balance", call => Balance(call.World, call.World.Account));
    }

    /// <summary>A movement in a settlement currency.</summary>
    /// <param name="world">Where.</param>
    /// <param name="account">Whose: a connected account, or null for the platform.</param>
    /// <param name="type">Stripe's type, such as charge, refund, adjustment, transfer or payout.</param>
    /// <param name="category">Its reporting category.</param>
    /// <param name="source">The id of what caused it.</param>
    /// <param name="money">Before the fee, and in which currency; the rate is that of an exchange.</param>
    /// <param name="fee">What Stripe keeps of it.</param>
    /// <param name="availableAt">From when it can be paid out.</param>
    internal static JsonObject Post(World world, string? account, string type, string category, string source, Settled money, long fee = 0, long? availableAt = null)
    {
        var moved = world.New<BalanceTransaction>("txn", new
        {
            type,
            source,
            fee,
            amount = money.Amount,
            available_on = availableAt ?? world.Now,
            balance_type = "payments",
            currency = money.Currency,
            exchange_rate = money.Rate,
            fee_details = fee == 0 ? [] : new[] { new { amount = fee, application = (string?)null, currency = money.Currency, description = "Stripe processing fees", type = "stripe_fee" } },
            net = money.Amount - fee,
            reporting_category = category,
            status = availableAt > world.Now ? "pending" : "available",
        });
        moved["_account"] = account;
        return world.Store.Add(moved);
    }

    /// <summary>The amount in the currency that it settles in.</summary>
    internal static Settled Settle(World world, long amount, string currency) => world.Options.Settlement.TryGetValue(currency, out var other)
        ? new(Money.Exchange(amount, currency, other.Currency, other.Rate), other.Currency, other.Rate)
        : new(amount, currency, null);

    /// <summary>The processing fee of a charge, in the currency that it settles in.</summary>
    internal static long Fee(World world, Settled money, string charged)
    {
        var (ppm, @fixed) = world.Options.Fees.TryGetValue(charged, out var own) ? own : world.Options.Fees[""];
        return Money.Round((decimal)money.Amount * ppm / 1_000_000) + @fixed;
    }

    internal static long Available(World world, string? account, string currency) =>
        world.Store.All("balance_transaction").Where(moved => moved.Str("_account") == account && moved.Str("currency") == currency && moved.Str("status") == "available").Sum(moved => moved.Long("net"));

    internal static JsonObject Balance(World world, string? account)
    {
        var moved = world.Store.All("balance_transaction").Where(row => row.Str("_account") == account).ToList();
        var currencies = moved.Select(row => row.Str("currency")!).Append(world.Options.Currency).Distinct().Order().ToList();
        object[] Sum(string status) => [.. currencies.Select(currency => moved.Where(row => row.Str("status") == status && row.Str("currency") == currency).Sum(row => row.Long("net")) is var amount
            ? new { amount, currency, source_types = new { card = amount } } : null!)];
        return Json.Of(new { @object = "balance", livemode = false, available = Sum("available"), connect_reserved = Array.Empty<object>(), pending = Sum("pending") });
    }

    internal static IEnumerable<Due> Due(World world) => world.Store.All("balance_transaction").Where(moved => moved.Str("status") == "pending")
        .Select(moved => new Due(moved.Long("available_on"), null, () => Release(world, moved)));

    // Everything that becomes available at the same moment is one event, as it is one batch at Stripe.
    static void Release(World world, JsonObject first)
    {
        var account = first.Str("_account");
        foreach (var moved in world.Store.All("balance_transaction").Where(row => row.Str("_account") == account && row.Str("status") == "pending" && row.Long("available_on") <= world.Now))
            moved["status"] = "available";
        world.Emit("balance.available", Balance(world, account).With("_account", account));
    }
}

/// <summary>An amount in the currency that it settles in, and the rate it was exchanged at, or null.</summary>
readonly record struct Settled(long Amount, string Currency, decimal? Rate)
{
    public static Settled operator -(Settled money) => money with { Amount = -money.Amount };
}
