using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Dialects.ServiceBroker;

/// <summary>A plan under the id that this integration has for it.</summary>
sealed record BrokerPlan(string Id, PlanOffer Offer)
{
    internal string Key => Offer.Plan.Key;

    /// <summary>Semantic versioning, as the specification asks: a new version of a plan is a new major one.</summary>
    internal string Maintenance => string.Create(CultureInfo.InvariantCulture, $"{Offer.Version.Version}.0.0");
}

/// <summary>What an integration offers. Ids are made from the integration's, so that two of them can stand in one marketplace.</summary>
sealed record BrokerCatalog(string ServiceId, IReadOnlyList<BrokerPlan> Plans)
{
    internal static async Task<BrokerCatalog> ReadAsync(ControlPlaneDb db, ResellerCaller by, CancellationToken cancel)
    {
        var offers = (await db.ReadCatalogueAsync(cancel)).Where(o => o.Plan is { IsPublic: true, IsAddOn: false });
        return new BrokerCatalog(IdOf(by.Integration.Id, "service"), [.. offers.Select(o => new BrokerPlan(IdOf(by.Integration.Id, $"plan {o.Plan.Key}"), o))]);
    }

    internal BrokerPlan? Find(string? serviceId, string? planId) => serviceId == ServiceId ? Plans.FirstOrDefault(p => p.Id == planId) : null;

    internal string PlanId(string key) => Plans.FirstOrDefault(p => p.Key == key)?.Id ?? key;

    static string IdOf(IntegrationId integration, string what) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{integration} {what}")).AsSpan(0, 16), bigEndian: true).ToString();
}

/// <summary>GET /v2/catalog</summary>
static class GetCatalog
{
    const int PollingSecondsMax = 600;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/catalog", HandleAsync);

    static async Task<IResult> HandleAsync(HttpContext http, ControlPlaneDb db, CancellationToken cancel)
    {
        var catalog = await BrokerCatalog.ReadAsync(db, http.Reseller(), cancel);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { services = (object[])[Describe(catalog)] }, DialectJson.Snake);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(t => t == tag || t == $"W/{tag}" || t == "*"))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Bytes(body, "application/json; charset=utf-8");
    }

    static object Describe(BrokerCatalog catalog) => new
    {
        id = catalog.ServiceId,
        name = "faktory",
        description = "A Faktory job server: queues, retries and schedules for workers in any language.",
        tags = (string[])["faktory", "queue", "jobs"],
        bindable = true,
        instances_retrievable = true,
        bindings_retrievable = true,
        plan_updateable = true,
        allow_context_updates = false,
        metadata = new Dictionary<string, object> { ["displayName"] = "Faktory" },
        plans = catalog.Plans.Select(Describe),
    };

    static object Describe(BrokerPlan plan) => new
    {
        id = plan.Id,
        name = plan.Key,
        description = plan.Offer.Plan.Summary is { Length: > 0 } summary ? summary : plan.Offer.Plan.Name,
        free = plan.Offer.Prices.All(p => p.AmountMinor == 0),
        bindable = true,
        binding_rotatable = true,
        plan_updateable = true,
        maximum_polling_duration = PollingSecondsMax,
        maintenance_info = new { version = plan.Maintenance, description = "The terms of the plan." },
        metadata = new Dictionary<string, object> { ["displayName"] = plan.Offer.Plan.Name, ["costs"] = plan.Offer.Prices.Select(Cost) },
        schemas = new { service_instance = new { create = new { parameters = Schema } } },
    };

    static object Cost(PlanPrice price) => new { amount = new Dictionary<string, decimal> { [price.Currency.ToLowerInvariant()] = price.AmountMinor / (decimal)Math.Pow(10, Currency.Parse(price.Currency).Exponent) }, unit = price.Interval == BillingInterval.Year ? "YEARLY" : "MONTHLY" };

    static readonly Dictionary<string, object> Schema = new()
    {
        ["$schema"] = "http://json-schema.org/draft-04/schema#",
        ["type"] = "object",
        ["properties"] = new Dictionary<string, object>
        {
            ["name"] = new { type = "string", description = "What the server is called in the portal." },
            ["region"] = new { type = "string", description = "Where it runs." },
        },
    };
}
