using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Webhooks;

/// <summary>Where events go. The secret is told once, when an endpoint is created.</summary>
static class Endpoints
{
    internal static void Map(Routes routes)
    {
        routes.Post<WebhookEndpointCreateOptions>("/v1/webhook_endpoints", Create);
        routes.Retrieve("/v1/webhook_endpoints/{id}", "webhook_endpoint");
        routes.Post<WebhookEndpointUpdateOptions>("/v1/webhook_endpoints/{id}", Update);
        routes.Get<WebhookEndpointListOptions>("/v1/webhook_endpoints", call => call.List("webhook_endpoint"));
        routes.Delete<BaseOptions>("/v1/webhook_endpoints/{id}", Delete);
    }

    /// <summary>The endpoint that the double was started with: it hears of the platform and of every connected account.</summary>
    internal static JsonObject Register(World world, Uri url, string secret) => world.Add<WebhookEndpoint>("we", new
    {
        url = url.ToString(),
        enabled_events = new[] { "*" },
        status = "enabled",
        _secret = secret,
        _all = true,
    });

    static JsonObject Create(Call call)
    {
        if (call.Sent.Arr("enabled_events") is null or { Count: 0 })
            throw Refusal.Missing("enabled_events");
        var secret = call.World.Ids.Next("whsec", 32);
        var endpoint = call.World.Add<WebhookEndpoint>("we", new { url = call.Need("url"), status = "enabled", _secret = secret, _connect = call.Sent.Is("connect") })
            .Take(call.Sent, "enabled_events", "api_version", "description", "metadata");
        return call.World.Render(endpoint).With("secret", secret);
    }

    static JsonObject Update(Call call)
    {
        var endpoint = call.Found("webhook_endpoint").Take(call.Sent, "url", "enabled_events", "description", "metadata");
        if (call.Sent.ContainsKey("disabled"))
            endpoint["status"] = call.Sent.Is("disabled") ? "disabled" : "enabled";
        return endpoint;
    }

    static JsonObject Delete(Call call)
    {
        var endpoint = call.Found("webhook_endpoint");
        call.World.Store.Remove(endpoint);
        return Json.Of(new { id = endpoint.Id(), @object = "webhook_endpoint", deleted = true });
    }
}
