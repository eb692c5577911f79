using System.Text.Json.Nodes;
using Stripe.Double.Objects;

namespace Stripe.Double.Http;

/// <summary>An address, the option class that says which parameters it takes, and what it does.</summary>
sealed record Route(string Method, string Pattern, Type Options, Func<Call, JsonObject> Handle);

/// <summary>Every address the double answers.</summary>
sealed class Routes
{
    readonly List<Route> all = [];

    internal IReadOnlyList<Route> All => all;

    internal static Routes Known()
    {
        var routes = new Routes();
        foreach (var map in maps)
            map(routes);
        return routes;
    }

    static readonly Action<Routes>[] maps =
    [
        Customers.Map, CustomerBalance.Map, PaymentMethods.Map, Products.Map, Prices.Map, TaxRates.Map, Coupons.Map, CheckoutSessions.Map, Portal.Map,
        Subscriptions.Map, SubscriptionItems.Map, Invoices.Map, InvoiceItems.Map, InvoicePayments.Map, CreditNotes.Map, Meters.Map,
        PaymentIntents.Map, Charges.Map, Refunds.Map, Disputes.Map, BalanceTransactions.Map, Accounts.Map, Transfers.Map, Payouts.Map,
        Webhooks.Endpoints.Map, Webhooks.Events.Map, Clock.TestClocks.Map,
    ];

    internal void Get<TOptions>(string pattern, Func<Call, JsonObject> handle) => all.Add(new("GET", pattern, typeof(TOptions), handle));

    internal void Post<TOptions>(string pattern, Func<Call, JsonObject> handle) => all.Add(new("POST", pattern, typeof(TOptions), handle));

    internal void Delete<TOptions>(string pattern, Func<Call, JsonObject> handle) => all.Add(new("DELETE", pattern, typeof(TOptions), handle));

    /// <summary>GET of one object by its id.</summary>
    internal void Retrieve(string pattern, string type) => Get<BaseOptions>(pattern, call => call.Found(type));
}
