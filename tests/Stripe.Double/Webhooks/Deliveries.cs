using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Webhooks;

/// <summary>One row for each event and endpoint: what is still to be sent, how often it was tried, and when it is tried again.</summary>
static class Deliveries
{
    internal const string Type = "_delivery";

    // For three days, with growing pauses.
    static readonly long[] pausesMinutes = [1, 5, 30, 120, 300, 600, 720, 720, 720, 720];

    /// <summary>Plans the event for every endpoint that wants it, and says how many those are.</summary>
    internal static int Plan(World world, JsonObject happened)
    {
        var wanting = world.Store.All("webhook_endpoint").Where(endpoint => endpoint.Str("status") == "enabled"
            && (endpoint.Is("_all") || endpoint.Is("_connect") == happened.ContainsKey("account"))
            && endpoint.Strings("enabled_events").Any(pattern => Events.Matches(pattern, happened.Str("type")!))).ToList();
        foreach (var endpoint in wanting)
            Add(world, happened, endpoint);
        return wanting.Count;
    }

    internal static JsonObject Add(World world, JsonObject happened, JsonObject endpoint) => world.Store.Add(new JsonObject
    {
        ["id"] = world.Ids.Next("del"),
        ["object"] = Type,
        ["event"] = happened.Id(),
        ["endpoint"] = endpoint.Id(),
        ["status"] = "pending",
        ["attempts"] = 0,
        ["next_at"] = 0,
    });

    internal static List<JsonObject> Ready(World world) => [.. world.Store.All(Type).Where(row => row.Str("status") == "pending" && row.Long("next_at") <= world.Now)];

    /// <summary>Nobody was asked to take it counts as success, as at Stripe.</summary>
    internal static bool AllSucceeded(World world, JsonObject happened) =>
        world.Store.All(Type).Where(row => row.Str("event") == happened.Id()).All(row => row.Str("status") == "succeeded");

    internal static void Record(World world, JsonObject delivery, int? answered)
    {
        var attempts = delivery.Long("attempts") + 1;
        delivery.Set(new { attempts, answered });
        if (answered is >= 200 and < 300)
            delivery["status"] = "succeeded";
        else if (attempts > pausesMinutes.Length)
            delivery["status"] = "failed";
        else
            delivery["next_at"] = world.Now + pausesMinutes[attempts - 1] * 60;
        if (delivery.Str("status") != "pending" && world.Store[delivery.Str("event")] is { } happened)
            happened["pending_webhooks"] = Math.Max(0, happened.Long("pending_webhooks") - 1);
    }
}
