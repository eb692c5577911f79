using System.Text.Json.Nodes;
using Stripe.Double.Http;
using Stripe.Double.State;

namespace Stripe.Double.Webhooks;

/// <summary>What happened, in the order it happened, with the object as it was then. Kept for 30 days, as at Stripe.</summary>
static class Events
{
    const long keptForSeconds = 30 * 24 * 3600;

    internal static void Map(Routes routes)
    {
        routes.Retrieve("/v1/events/{id}", "event");
        routes.Get<EventListOptions>("/v1/events", List);
    }

    internal static void Emit(World world, string type, JsonObject about, JsonObject? previous)
    {
        var data = new JsonObject { ["object"] = world.Render(about) };
        if (previous is not null)
            data["previous_attributes"] = previous;
        var account = about.Str("_account") ?? (about.Str("object") == "account" ? about.Id() : null);
        var added = world.New<Event>("evt", new
        {
            type,
            data,
            api_version = StripeConfiguration.ApiVersion,
            request = new { id = world.Request.Id, idempotency_key = world.Request.IdempotencyKey },
            _account = about.Str("_account"),
        });
        added.Remove("context");
        if (account is null)
            added.Remove("account");
        else
            added["account"] = account;
        world.Store.Add(added);
        added["pending_webhooks"] = Deliveries.Plan(world, added);
    }

    static JsonObject List(Call call)
    {
        if (call.Sent.ContainsKey("type") && call.Sent.ContainsKey("types"))
            throw Refusal.Invalid("You may only specify one of these parameters: type, types.");
        var rows = call.World.Store.All("event").Where(row => row.Long("created") > call.Now - keptForSeconds);
        if (call.Sent.Str("type") is { } pattern)
            rows = rows.Where(row => Matches(pattern, row.Str("type")!));
        if (call.Sent.Arr("types") is not null)
            rows = rows.Where(row => call.Sent.Strings("types").Contains(row.Str("type")));
        if (call.Sent.ContainsKey("delivery_success"))
            rows = rows.Where(row => Deliveries.AllSucceeded(call.World, row) == call.Sent.Is("delivery_success"));
        return Lists.Page(call, rows);
    }

    // charge.* stands for charge.refunded and charge.dispute.created.
    internal static bool Matches(string pattern, string type) =>
        pattern is "*" || pattern == type || (pattern.EndsWith('*') && type.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
