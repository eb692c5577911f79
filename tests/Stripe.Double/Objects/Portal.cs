using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

/// <summary>The customer portal: an address to send somebody to. What is behind it, where the double shows pages, is in Pages.</summary>
static class Portal
{
    internal static void Map(Routes routes)
    {
        routes.Post<BillingPortal.SessionCreateOptions>("/v1/billing_portal/sessions", Create);
        routes.Post<BillingPortal.ConfigurationCreateOptions>("/v1/billing_portal/configurations", call => New(call.World, isDefault: false).Take(call.Sent, "business_profile", "default_return_url", "metadata", "name"));
        routes.Retrieve("/v1/billing_portal/configurations/{id}", "billing_portal.configuration");
        routes.Get<BillingPortal.ConfigurationListOptions>("/v1/billing_portal/configurations", call => call.List("billing_portal.configuration", "active", "is_default"));
    }

    static JsonObject Create(Call call)
    {
        var configuration = call.Named("billing_portal.configuration", "configuration")
            ?? call.World.Store.All("billing_portal.configuration").FirstOrDefault(known => known.Is("is_default")) ?? New(call.World, isDefault: true);
        var session = call.World.Add<BillingPortal.Session>("bps", new
        {
            configuration = configuration.Id(),
            customer = Customers.Living(call.World, call.Need("customer")).Id(),
        }).Take(call.Sent, "locale", "on_behalf_of", "return_url");
        session["url"] = call.World.Options.PageAddress("billing.stripe.com", $"p/session/{session.Id()}");
        return session;
    }

    static JsonObject New(World world, bool isDefault) => world.Add<BillingPortal.Configuration>("bpc", new
    {
        active = true,
        business_profile = new { headline = (string?)null, privacy_policy_url = (string?)null, terms_of_service_url = (string?)null },
        features = new
        {
            customer_update = new { allowed_updates = new[] { "email", "tax_id" }, enabled = true },
            invoice_history = new { enabled = true },
            payment_method_update = new { enabled = true, payment_method_configuration = (string?)null },
            subscription_cancel = new { cancellation_reason = new { enabled = false, options = Array.Empty<string>() }, enabled = false, mode = "at_period_end", proration_behavior = "none" },
            subscription_update = new { default_allowed_updates = Array.Empty<string>(), enabled = false, proration_behavior = "none" },
        },
        is_default = isDefault,
        login_page = new { enabled = false, url = (string?)null },
        updated = world.Now,
    });
}
