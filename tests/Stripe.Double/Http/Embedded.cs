using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>
/// Lists inside of objects. Each is all objects of a type whose key holds the owner's id; it is there always, or only when expanded. The same rows
/// serve the list's own address.
/// </summary>
sealed record Embedded(string Owner, string Key, string Type, string ForeignKey, string Url, bool Always)
{
    const int shownMax = 10;

    internal static readonly Embedded[] All =
    [
        new("subscription", "items", "subscription_item", "subscription", "/v1/subscription_items?subscription={0}", true),
        new("invoice", "lines", "line_item", "invoice", "/v1/invoices/{0}/lines", true),
        new("invoice", "payments", "invoice_payment", "invoice", "/v1/invoice_payments?invoice={0}", false),
        new("charge", "refunds", "refund", "charge", "/v1/charges/{0}/refunds", false),
        new("credit_note", "lines", "credit_note_line_item", "_credit_note", "/v1/credit_notes/{0}/lines", true),
        new("transfer", "reversals", "transfer_reversal", "transfer", "/v1/transfers/{0}/reversals", true),
        new("account", "external_accounts", "bank_account", "account", "/v1/accounts/{0}/external_accounts", true),
        new("checkout.session", "line_items", "item", "_session", "/v1/checkout/sessions/{0}/line_items", false),
        new("customer", "subscriptions", "subscription", "customer", "/v1/subscriptions?customer={0}", false),
        new("customer", "tax_ids", "tax_id", "customer", "/v1/customers/{0}/tax_ids", false),
    ];

    /// <summary>Keys that are there only when they are expanded, and hold no list of other objects.</summary>
    internal static readonly (string Owner, string Key)[] OnRequest =
    [
        ("customer", "sources"), ("customer", "tax"), ("customer", "cash_balance"), ("customer", "invoice_credit_balance"),
        ("invoice", "confirmation_secret"), ("price", "currency_options"), ("price", "tiers"), ("coupon", "applies_to"), ("coupon", "currency_options"),
        ("plan", "tiers"), ("charge", "level3"), ("charge", "source"),
    ];

    internal JsonObject List(World world, JsonObject owner)
    {
        // What ended is no longer among a customer's subscriptions.
        var rows = world.Store.Where(Type, ForeignKey, owner.Id()).Where(row => !row.Is("_deleted")).Where(row => Type != "subscription" || row.Str("status") is not ("canceled" or "incomplete_expired")).ToList();
        return Json.Of(new { @object = "list", has_more = rows.Count > shownMax, url = string.Format(null, Url, owner.Id()) })
            .With("data", rows.Take(shownMax).Array());
    }
}
