using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Stripe.Double.State;

/// <summary>
/// Which keys an object has. The SDK's own classes say it: every property is there, null, false, 0 or empty, until somebody sets it. Only dates that
/// may not be null are left out; the tests look that each has been set.
/// </summary>
static class Shape
{
    static readonly Dictionary<string, Type> types = new()
    {
        ["account"] = typeof(Account),
        ["balance_transaction"] = typeof(BalanceTransaction),
        ["billing.meter"] = typeof(Billing.Meter),
        ["billing.meter_event"] = typeof(Billing.MeterEvent),
        ["billing.meter_event_summary"] = typeof(Billing.MeterEventSummary),
        ["billing_portal.configuration"] = typeof(BillingPortal.Configuration),
        ["billing_portal.session"] = typeof(BillingPortal.Session),
        ["charge"] = typeof(Charge),
        ["checkout.session"] = typeof(Checkout.Session),
        ["coupon"] = typeof(Coupon),
        ["credit_note"] = typeof(CreditNote),
        ["credit_note_line_item"] = typeof(CreditNoteLineItem),
        ["customer"] = typeof(Customer),
        ["customer_balance_transaction"] = typeof(CustomerBalanceTransaction),
        ["discount"] = typeof(Discount),
        ["dispute"] = typeof(Dispute),
        ["event"] = typeof(Event),
        ["invoice"] = typeof(Invoice),
        ["invoice_payment"] = typeof(InvoicePayment),
        ["invoiceitem"] = typeof(InvoiceItem),
        ["item"] = typeof(LineItem),
        ["line_item"] = typeof(InvoiceLineItem),
        ["payment_intent"] = typeof(PaymentIntent),
        ["payment_method"] = typeof(PaymentMethod),
        ["payout"] = typeof(Payout),
        ["plan"] = typeof(Plan),
        ["price"] = typeof(Price),
        ["product"] = typeof(Product),
        ["promotion_code"] = typeof(PromotionCode),
        ["refund"] = typeof(Refund),
        ["setup_intent"] = typeof(SetupIntent),
        ["subscription"] = typeof(Subscription),
        ["subscription_item"] = typeof(SubscriptionItem),
        ["tax_id"] = typeof(TaxId),
        ["tax_rate"] = typeof(TaxRate),
        ["test_helpers.test_clock"] = typeof(TestHelpers.TestClock),
        ["transfer"] = typeof(Transfer),
        ["transfer_reversal"] = typeof(TransferReversal),
        ["webhook_endpoint"] = typeof(WebhookEndpoint),
    };

    static readonly Dictionary<Type, string> names = types.ToDictionary(pair => pair.Value, pair => pair.Key);
    static readonly Dictionary<Type, JsonObject> templates = types.Values.ToDictionary(type => type, Template);
    static readonly Dictionary<Type, Dictionary<string, PropertyInfo>> properties =
        types.Values.ToDictionary(type => type, type => Properties(type).ToDictionary(pair => pair.Key, pair => pair.Property));

    /// <summary>A new object of the SDK's class with every key that it has.</summary>
    internal static JsonObject Of<T>() => templates[typeof(T)].Copy();

    internal static Type? TypeOf(string? name) => name is null ? null : types.GetValueOrDefault(name);

    /// <summary>The property of the SDK's class that reads the key.</summary>
    internal static PropertyInfo? Property(Type type, string key) =>
        properties.TryGetValue(type, out var known) ? known.GetValueOrDefault(key) : Properties(type).FirstOrDefault(pair => pair.Key == key).Property;

    internal static IEnumerable<(string Key, PropertyInfo Property)> Properties(Type type) =>
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let name = property.GetCustomAttribute<JsonPropertyNameAttribute>()
        where name is not null
        select (name.Name, property);

    static JsonObject Template(Type type)
    {
        var template = new JsonObject();
        foreach (var (key, property) in Properties(type).Where(pair => pair.Key != "deleted" && pair.Property.PropertyType != typeof(DateTime)))
            template[key] = Empty(property.PropertyType);
        template["object"] = names[type];
        return template;
    }

    static JsonNode? Empty(Type type) =>
        type == typeof(bool) ? JsonValue.Create(false)
        : type == typeof(long) || type == typeof(decimal) ? JsonValue.Create(0L)
        : type == typeof(Dictionary<string, string>) ? new JsonObject()
        : null;
}
