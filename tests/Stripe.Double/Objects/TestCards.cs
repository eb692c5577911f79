using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>How a card behaves when it is charged.</summary>
public enum CardDoes
{
    Pay,
    Decline,
    DeclineForFunds,
    DeclineOnAttach,
    WantAuthentication,
    OpenDispute,
    OpenInquiry,
    FailRefunds,
    DelayRefunds,
    SettleAtOnce,
}

/// <summary>A card of https://docs.stripe.com/testing: its token, number and behaviour.</summary>
sealed record TestCard(string Token, string Number, string Brand, CardDoes Does)
{
    internal string Last4 => Number[^4..];
}

static class TestCards
{
    static readonly TestCard[] all =
    [
        new("pm_card_visa", "4242424242424242", "visa", CardDoes.Pay),
        new("pm_card_mastercard", "5555555555554444", "mastercard", CardDoes.Pay),
        new("pm_card_amex", "378282246310005", "amex", CardDoes.Pay),
        new("pm_card_chargeCustomerFail", "4000000000000341", "visa", CardDoes.Decline),
        new("pm_card_visa_chargeDeclined", "4000000000000002", "visa", CardDoes.DeclineOnAttach),
        new("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", CardDoes.DeclineForFunds),
        new("pm_card_authenticationRequired", "4000002760003184", "visa", CardDoes.WantAuthentication),
        new("pm_card_createDispute", "4000000000000259", "visa", CardDoes.OpenDispute),
        new("pm_card_createDisputeInquiry", "4000000000001976", "visa", CardDoes.OpenInquiry),
        new("pm_card_refundFail", "4000000000005126", "visa", CardDoes.FailRefunds),
        new("pm_card_pendingRefund", "4000000000007726", "visa", CardDoes.DelayRefunds),
        new("pm_card_bypassPending", "4000000000000077", "visa", CardDoes.SettleAtOnce),
    ];

    internal static IReadOnlyList<TestCard> All => all;

    /// <summary>By pm_card_visa or tok_visa.</summary>
    internal static TestCard? ByToken(string token) => all.FirstOrDefault(card => card.Token == token || "tok" + card.Token["pm_card".Length..] == token);

    internal static TestCard? ByNumber(string? number) => all.FirstOrDefault(card => card.Number == number?.Replace(" ", "", StringComparison.Ordinal));

    internal static CardDoes Does(JsonObject method) => Enum.Parse<CardDoes>(method.Str("_does")!);

    /// <summary>The refusal that this card gives, or null when it pays.</summary>
    internal static Refusal? Decline(JsonObject method, bool isAttaching) => Does(method) switch
    {
        CardDoes.DeclineOnAttach => Declined("generic_decline"),
        CardDoes.Decline when !isAttaching => Declined("generic_decline"),
        CardDoes.DeclineForFunds when !isAttaching => Refusal.Card("card_declined", "Your card has insufficient funds.", "insufficient_funds"),
        _ => null,
    };

    static Refusal Declined(string code) => Refusal.Card("card_declined", "Your card was declined.", code);
}
