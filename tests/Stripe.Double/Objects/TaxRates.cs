using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Objects;

static class TaxRates
{
    internal static void Map(Routes routes)
    {
        routes.Post<TaxRateCreateOptions>("/v1/tax_rates", Create);
        routes.Retrieve("/v1/tax_rates/{id}", "tax_rate");
        routes.Post<TaxRateUpdateOptions>("/v1/tax_rates/{id}", call => call.World.Change(call.Found("tax_rate"), "tax_rate.updated", rate =>
            rate.Take(call.Sent, "active", "country", "description", "display_name", "jurisdiction", "metadata", "state", "tax_type")));
        routes.Get<TaxRateListOptions>("/v1/tax_rates", call => call.List("tax_rate", "active", "inclusive"));
    }

    static JsonObject Create(Call call)
    {
        var percentage = call.Sent.Dec("percentage") ?? throw Refusal.Missing("percentage");
        if (!call.Sent.ContainsKey("inclusive"))
            throw Refusal.Missing("inclusive");
        var rate = call.World.Add<TaxRate>("txr", new
        {
            percentage,
            active = true,
            display_name = call.Need("display_name"),
            effective_percentage = percentage,
            rate_type = "percentage",
        }).Take(call.Sent, "active", "country", "description", "inclusive", "jurisdiction", "metadata", "state", "tax_type");
        call.World.Emit("tax_rate.created", rate);
        return rate;
    }

    /// <summary>The rates that the parameter names, each checked.</summary>
    internal static string[] Named(World world, JsonObject sent, string key) => [.. sent.Strings(key).Select(id => world.Find("tax_rate", id, key).Id())];
}
