using System.Text.Json.Nodes;
using Stripe.Double.Clock;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>Attempts to take money from a card: one that succeeded moves the balance, one that failed says why.</summary>
static class Charges
{
    internal static void Map(Routes routes)
    {
        routes.Retrieve("/v1/charges/{id}", "charge");
        routes.Post<ChargeUpdateOptions>("/v1/charges/{id}", call => call.World.Change(call.Found("charge"), "charge.updated", charge =>
            charge.Take(call.Sent, "customer", "description", "fraud_details", "metadata", "receipt_email", "shipping", "transfer_group")));
        routes.Get<ChargeListOptions>("/v1/charges", call => call.List("charge", "customer", "payment_intent", "transfer_group"));
        routes.Get<ChargeSearchOptions>("/v1/charges/search", call => Search.Page(call, "charge"));
        routes.Get<RefundListOptions>("/v1/charges/{id}/refunds", call => Lists.Page(call, call.World.Store.Where("refund", "charge", call.Found("charge").Id())));
    }

    /// <summary>Charges the card of the intent. The charge is there either way; the refusal is what the card said.</summary>
    internal static (JsonObject Charge, Refusal? Refused) Take(World world, JsonObject intent, JsonObject method)
    {
        var refused = TestCards.Decline(method, isAttaching: false);
        var charge = world.New<Charge>("ch", new
        {
            amount = intent.Long("amount"),
            amount_captured = refused is null ? intent.Long("amount") : 0,
            billing_details = PaymentMethods.BillingDetails(),
            calculated_statement_descriptor = "STRIPE DOUBLE",
            captured = refused is null,
            currency = intent.Str("currency"),
            customer = intent.Str("customer"),
            description = intent.Str("description"),
            failure_code = refused?.Code,
            failure_message = refused?.Message,
            fraud_details = new { },
            outcome = Outcome(refused),
            paid = refused is null,
            payment_intent = intent.Id(),
            payment_method = method.Id(),
            payment_method_details = Details(method),
            radar_options = new { },
            refunded = false,
            status = refused is null ? "succeeded" : "failed",
            transfer_group = intent.Str("transfer_group"),
            metadata = intent.Obj("metadata"),
        });
        charge["receipt_url"] = refused is null ? $"https://pay.stripe.com/receipts/{charge.Id()}" : null;
        world.Store.Add(charge);
        if (refused is null)
            Settle(world, charge, method);
        world.Emit(refused is null ? "charge.succeeded" : "charge.failed", charge);
        return (charge, refused);
    }

    static void Settle(World world, JsonObject charge, JsonObject method)
    {
        var currency = charge.Str("currency")!;
        var money = BalanceTransactions.Settle(world, charge.Long("amount"), currency);
        var availableAt = TestCards.Does(method) == CardDoes.SettleAtOnce ? world.Now : world.Now + (long)world.Options.SettlesAfter.TotalSeconds;
        charge["balance_transaction"] = BalanceTransactions.Post(world, charge.Str("_account"), "charge", "charge", charge.Id(), money, BalanceTransactions.Fee(world, money, currency), availableAt).Id();
        if (TestCards.Does(method) is CardDoes.OpenDispute or CardDoes.OpenInquiry)
            charge["_disputed_at"] = world.Now + 1;
    }

    /// <summary>The dispute that some cards cause comes a moment after the payment, as it does at Stripe.</summary>
    internal static IEnumerable<Due> Due(World world) => world.Store.All("charge").Where(charge => charge.Int("_disputed_at") is not null)
        .Select(charge => new Due(charge.Long("_disputed_at"), world.Store[charge.Str("customer")]?.Str("test_clock"), () =>
        {
            charge.Remove("_disputed_at");
            Disputes.Open(world, charge, "fraudulent", TestCards.Does(world.Store[charge.Str("payment_method")]!) == CardDoes.OpenInquiry);
        }));

    static object Outcome(Refusal? refused) => new
    {
        advice_code = (string?)null,
        network_advice_code = (string?)null,
        network_decline_code = refused is null ? null : "05",
        network_status = refused is null ? "approved_by_network" : "declined_by_network",
        reason = refused?.DeclineCode,
        risk_level = "normal",
        risk_score = 20,
        seller_message = refused is null ? "Payment complete." : "The bank did not return any further details with this decline.",
        type = refused is null ? "authorized" : "issuer_declined",
    };

    static object Details(JsonObject method) => new
    {
        card = new
        {
            authorization_code = (string?)null,
            brand = method.Str("card.brand"),
            checks = method.Obj("card.checks"),
            country = "US",
            exp_month = method.Long("card.exp_month"),
            exp_year = method.Long("card.exp_year"),
            fingerprint = method.Str("card.fingerprint"),
            funding = "credit",
            installments = (object?)null,
            last4 = method.Str("card.last4"),
            mandate = (string?)null,
            network = method.Str("card.brand"),
            network_token = new { used = false },
            network_transaction_id = (string?)null,
            regulated_status = "unregulated",
            three_d_secure = (object?)null,
            wallet = (object?)null,
        },
        type = "card",
    };
}
