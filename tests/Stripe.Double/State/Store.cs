using System.Text.Json.Nodes;

namespace Stripe.Double.State;

/// <summary>
/// Every object by its id, and in the order in which they came by their "object" word. Keys that begin with an underscore are the double's own and
/// never leave it. Whoever uses it holds the double's lock.
/// </summary>
sealed class Store
{
    readonly Dictionary<string, JsonObject> byId = [];
    readonly Dictionary<string, List<JsonObject>> byType = [];

    internal JsonObject? this[string? id] => id is null ? null : byId.GetValueOrDefault(id);

    internal IReadOnlyList<JsonObject> All(string type) => byType.TryGetValue(type, out var all) ? all : [];

    /// <summary>Those whose key is the value. A copy, so that the caller may add and remove while it walks.</summary>
    internal List<JsonObject> Where(string type, string key, string? value) => [.. All(type).Where(json => json.Str(key) == value)];

    internal JsonObject Add(JsonObject json)
    {
        byId.Add(json.Id(), json);
        if (!byType.TryGetValue(json.Str("object")!, out var all))
            byType.Add(json.Str("object")!, all = []);
        all.Add(json);
        return json;
    }

    internal void Remove(JsonObject json)
    {
        byId.Remove(json.Id());
        byType[json.Str("object")!].Remove(json);
    }

    internal JsonObject Snapshot() => new(byType.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.Array())));

    internal void Restore(JsonObject snapshot)
    {
        byId.Clear();
        byType.Clear();
        foreach (var json in snapshot.SelectMany(pair => pair.Value!.AsArray()).OfType<JsonObject>())
            Add(json.Copy());
    }
}
