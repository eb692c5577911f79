using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>What the platform owes a customer (negative) or is owed (positive); the next invoice takes it into account.</summary>
static class CustomerBalance
{
    internal static void Map(Routes routes)
    {
        routes.Post<CustomerBalanceTransactionCreateOptions>("/v1/customers/{id}/balance_transactions", Create);
        routes.Get<CustomerBalanceTransactionListOptions>("/v1/customers/{id}/balance_transactions", List);
        routes.Get<BaseOptions>("/v1/customers/{customer}/balance_transactions/{id}", call => call.Found("customer_balance_transaction"));
    }

    static JsonObject Create(Call call)
    {
        var customer = Customers.Living(call.World, call.Id, "id");
        var before = call.World.Render(customer);
        var posted = Post(call.World, customer, call.NeedInt("amount"), call.Need("currency"), "adjustment").Take(call.Sent, "description", "metadata");
        call.World.Emit("customer.updated", customer, Json.Of(new { balance = before.Long("balance") }));
        return posted;
    }

    static JsonObject List(Call call) =>
        Lists.Page(call, call.World.Store.Where("customer_balance_transaction", "customer", Customers.Living(call.World, call.Id, "id").Id()));

    internal static JsonObject Post(World world, JsonObject customer, long amount, string currency, string type, string? invoice = null, string? creditNote = null)
    {
        if (customer.Str("currency") is { } used && used != currency)
            throw Refusal.Invalid($"You cannot combine currencies on a single customer. This customer has had a balance or an invoice in {used}.", "currency");
        customer.Set(new { currency, balance = customer.Long("balance") + amount });
        return world.Add<CustomerBalanceTransaction>("cbtxn", new
        {
            amount,
            currency,
            type,
            invoice,
            credit_note = creditNote,
            customer = customer.Id(),
            ending_balance = customer.Long("balance"),
        });
    }
}
