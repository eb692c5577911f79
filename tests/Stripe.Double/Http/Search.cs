using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>
/// Stripe's search: email:"a@b.c" AND metadata["k"]:"v" AND created>1700000000. As there, what was just written may not be found yet
/// (<see cref="StripeDoubleOptions.SearchDelay"/>).
/// </summary>
static partial class Search
{
    const int limitDefault = 10, limitMax = 100, clausesMax = 10;

    [GeneratedRegex("""^(?<not>-)?(?<field>[a-z_.]+)(\[["'](?<key>[^"']+)["']\])?(?<op>[:<>~]=?)["']?(?<value>[^"']*)["']?$""")]
    static partial Regex Clause { get; }

    internal static JsonObject Page(Call call, string type)
    {
        var clauses = Regex.Split(call.Need("query"), @"\s+(?:AND|and)\s+");
        if (clauses.Length > clausesMax)
            throw Refusal.Invalid($"A query can have at most {clausesMax} clauses.", "query");
        var visible = call.Now - (long)call.World.Options.SearchDelay.TotalSeconds;
        var rows = call.World.Store.All(type).Where(row => row.Str("_account") == call.World.Account && !row.Is("deleted") && row.Long("created") <= visible);
        foreach (var text in clauses)
        {
            var clause = Clause.Match(text.Trim());
            if (!clause.Success)
                throw Refusal.Invalid($"We were unable to parse your search query: {text}.", "query");
            rows = rows.Where(row => Holds(row, clause) != clause.Groups["not"].Success);
        }
        var limit = (int)Math.Clamp(call.Sent.Int("limit") ?? limitDefault, 1, limitMax);
        var skip = (int)(call.Sent.Int("page") ?? 0);
        var found = rows.Reverse().Skip(skip).Take(limit + 1).ToList();
        return Json.Of(new { @object = "search_result", has_more = found.Count > limit, next_page = found.Count > limit ? $"{skip + limit}" : null, url = call.Path })
            .With("data", found.Take(limit).Select(row => (JsonNode)call.World.Render(row)).Array());
    }

    static bool Holds(JsonObject row, Match clause)
    {
        var path = clause.Groups["field"].Value;
        // A metadata key may itself hold full stops.
        var actual = clause.Groups["key"].Success ? row.Obj(path)?[clause.Groups["key"].Value]?.ToString() : row.Str(path);
        var value = clause.Groups["value"].Value;
        return clause.Groups["op"].Value switch
        {
            ":" => value == "null" ? actual is null : string.Equals(actual, value, StringComparison.OrdinalIgnoreCase),
            "~" => actual?.Contains(value, StringComparison.OrdinalIgnoreCase) == true,
            var bound when long.TryParse(actual, out var left) && long.TryParse(value, out var right) => bound switch
            {
                ">" => left > right,
                ">=" => left >= right,
                "<" => left < right,
                _ => left <= right,
            },
            _ => false,
        };
    }
}
