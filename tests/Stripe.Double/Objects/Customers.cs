using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

static class Customers
{
    static readonly string[] settable = ["address", "business_name", "individual_name", "description", "email", "metadata", "name", "phone", "preferred_locales", "shipping", "tax_exempt"];

    internal static void Map(Routes routes)
    {
        routes.Post<CustomerCreateOptions>("/v1/customers", Create);
        routes.Get<CustomerGetOptions>("/v1/customers/{id}", Retrieve);
        routes.Post<CustomerUpdateOptions>("/v1/customers/{id}", Update);
        routes.Delete<CustomerDeleteOptions>("/v1/customers/{id}", Delete);
        routes.Get<CustomerListOptions>("/v1/customers", call => call.List("customer", "email", "test_clock"));
        routes.Get<CustomerSearchOptions>("/v1/customers/search", call => Search.Page(call, "customer"));
    }

    static JsonObject Create(Call call)
    {
        call.Named("test_helpers.test_clock", "test_clock");
        var customer = New(call.World);
        Take(call, customer.Take(call.Sent, "test_clock"));
        if (call.Sent.Int("balance") is { } balance and not 0)
            CustomerBalance.Post(call.World, customer, balance, call.World.Options.Currency, "adjustment");
        call.World.Emit("customer.created", customer);
        return customer;
    }

    internal static JsonObject New(World world)
    {
        var customer = world.New<Customer>("cus", new
        {
            balance = 0,
            delinquent = false,
            invoice_prefix = world.Ids.Next("x", 8)[2..].ToUpperInvariant(),
            invoice_settings = new { custom_fields = (object?)null, default_payment_method = (string?)null, footer = (string?)null, rendering_options = (object?)null },
            next_invoice_sequence = 1,
            preferred_locales = Array.Empty<string>(),
            tax_exempt = "none",
        });
        customer["id"] = world.Ids.Next("cus", 14);
        return world.Store.Add(customer);
    }

    // A customer who was deleted is still there, as a mark.
    static JsonObject Retrieve(Call call) => call.Found("customer") is var customer && customer.Is("deleted") ? Deleted(customer) : customer;

    static JsonObject Update(Call call)
    {
        var customer = Living(call.World, call.Id, "id");
        return call.World.Change(customer, "customer.updated", _ => Take(call, customer));
    }

    static JsonObject Delete(Call call)
    {
        var customer = Living(call.World, call.Id, "id");
        foreach (var subscription in call.World.Store.Where("subscription", "customer", customer.Id()).Where(Subscriptions.IsLiving))
            Subscriptions.End(call.World, subscription, "cancellation_requested");
        call.World.Emit("customer.deleted", customer);
        customer["deleted"] = true;
        return Deleted(customer);
    }

    /// <summary>The customer; one who was deleted is as good as unknown to whoever wants to use them.</summary>
    internal static JsonObject Living(World world, string? id, string param = "customer") =>
        world.Find("customer", id, param) is var customer && !customer.Is("deleted") ? customer : throw Refusal.NoSuch("customer", id, param);

    static void Take(Call call, JsonObject customer)
    {
        customer.Take(call.Sent, settable);
        if (call.Sent.Str("payment_method") is { } first)
            customer["invoice_settings"]!["default_payment_method"] = PaymentMethods.Attach(call.World, first, customer).Id();
        if (call.Sent.Obj("invoice_settings") is not { } settings)
            return;
        if (settings.Str("default_payment_method") is { } method && call.World.Find("payment_method", method, "invoice_settings[default_payment_method]").Str("customer") != customer.Id())
            throw Refusal.Invalid("The customer does not have a payment method with the ID " + method + ". The payment method must be attached to the customer.", "invoice_settings[default_payment_method]", "resource_missing");
        customer.Obj("invoice_settings")!.Take(settings, "custom_fields", "default_payment_method", "footer", "rendering_options");
    }

    static JsonObject Deleted(JsonObject customer) => Json.Of(new { id = customer.Id(), @object = "customer", deleted = true });
}
