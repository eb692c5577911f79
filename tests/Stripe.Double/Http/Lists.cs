using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>A page of a list: newest first, after or before an id, within a range of dates.</summary>
static class Lists
{
    const int limitDefault = 10, limitMax = 100;

    /// <param name="call">The request with limit, starting_after, ending_before and created.</param>
    /// <param name="rows">All there are, oldest first.</param>
    /// <param name="equal">Parameters that keep rows whose key of that name has the value.</param>
    internal static JsonObject Page(Call call, IEnumerable<JsonObject> rows, params string[] equal)
    {
        var kept = rows.Where(row => row.Str("_account") == call.World.Account && !row.Is("deleted") && !row.Is("_deleted") && InRange(row, "created", call.Sent["created"]));
        foreach (var key in equal.Where(call.Sent.ContainsKey))
            kept = kept.Where(row => row.Str(key) == call.Sent.Str(key));
        return Of(call, [.. kept.Reverse()]);
    }

    /// <summary>A page of rows that are in their final order.</summary>
    internal static JsonObject Of(Call call, IReadOnlyList<JsonObject> rows)
    {
        var limit = (int)(call.Sent.Int("limit") ?? limitDefault);
        if (limit is < 1 or > limitMax)
            throw Refusal.Invalid($"Invalid limit: must be between 1 and {limitMax}", "limit");
        var (after, before) = (call.Sent.Str("starting_after"), call.Sent.Str("ending_before"));
        int Position(string id, string param) => rows.Index().FirstOrDefault(row => row.Item.Id() == id, (Index: -1, Item: null!)).Index is >= 0 and var index ? index : throw Refusal.NoSuch("object", id, param);
        var (start, end) = (0, rows.Count);
        if (after is not null)
            start = Position(after, "starting_after") + 1;
        if (before is not null)
        {
            end = Position(before, "ending_before");
            start = Math.Max(start, end - limit);
        }
        var page = rows.Skip(start).Take(Math.Min(limit, end - start)).ToList();
        var more = before is null ? start + page.Count < end : start > 0;
        return Json.Of(new { @object = "list", has_more = more, url = call.Path })
            .With("data", page.Select(row => (JsonNode)call.World.Render(row)).Array());
    }

    /// <summary>An exact moment, or bounds: gt, gte, lt, lte.</summary>
    internal static bool InRange(JsonObject row, string key, JsonNode? asked)
    {
        var value = row.Long(key);
        return asked switch
        {
            null => true,
            JsonObject range => range.All(bound => bound.Key switch
            {
                "gt" => value > range.Long("gt"),
                "gte" => value >= range.Long("gte"),
                "lt" => value < range.Long("lt"),
                _ => value <= range.Long("lte"),
            }),
            _ => value == asked.GetValue<long>(),
        };
    }
}
