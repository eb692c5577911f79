using System.Reflection;
using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>
/// An object as the wire has it: without the double's own keys, with its lists, and with ids where another object is meant. What the SDK reads as
/// a whole object (a subscription item's price) is whole; every other reference stays an id until somebody expands it.
/// </summary>
static class Rendering
{
    const int depthMax = 4;

    internal static JsonObject Render(World world, JsonObject stored, IEnumerable<string>? expand = null)
    {
        var json = Plain(world, stored);
        foreach (var path in expand ?? [])
        {
            var keys = path.Split('.');
            // The words "data" of lists do not count.
            if (keys.Count(key => key != "data") > depthMax)
                throw Refusal.Invalid($"You cannot expand more than {depthMax} levels of a property. Property: {path}", "expand");
            Expand(world, json, Shape.TypeOf(json.Str("object")), keys, path);
        }
        return json;
    }

    static JsonObject Plain(World world, JsonObject stored)
    {
        var type = stored.Str("object");
        var json = new JsonObject();
        foreach (var (key, value) in stored)
            if (key[0] != '_' && !Embedded.OnRequest.Contains((type!, key)) && !Embedded.All.Any(list => list.Owner == type && list.Key == key))
                json[key] = Whole(world, Shape.TypeOf(type), key, value);
        // A preview is nobody's: its lines travel inside of it.
        foreach (var list in Embedded.All.Where(list => list.Owner == type && list.Always && !stored.Is("deleted")))
            json[list.Key] = PlainList(world, stored.Obj(list.Key)?.Copy() ?? list.List(world, stored));
        return json;
    }

    static JsonObject PlainList(World world, JsonObject list) => list.With("data", list.Objects("data").Select(row => (JsonNode)Plain(world, row)).Array());

    // The SDK reads TaxRate, List<TaxRate> or Price, not ExpandableField<…>: so the object goes in whole.
    static JsonNode? Whole(World world, Type? owner, string key, JsonNode? value)
    {
        var property = owner is null ? null : Shape.Property(owner, key);
        if (property is null || !IsEntity(property.PropertyType))
            return value?.DeepClone();
        return value switch
        {
            JsonValue id when world.Store[id.ToString()] is { } found => Plain(world, found),
            JsonArray ids => ids.Select(id => id is JsonValue && world.Store[id.ToString()] is { } found ? Plain(world, found) : id).Array(),
            _ => value?.DeepClone(),
        };
    }

    static bool IsEntity(Type type) => typeof(IHasId).IsAssignableFrom(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : type);

    static void Expand(World world, JsonObject json, Type? type, ReadOnlySpan<string> keys, string path)
    {
        var key = keys[0];
        var name = json.Str("object");
        var property = type is null ? null : Shape.Property(type, key);
        if (Embedded.All.FirstOrDefault(list => list.Owner == name && list.Key == key && !list.Always) is { } list)
            json[key] ??= PlainList(world, list.List(world, world.Store[json.Id()] ?? json));
        else if (Embedded.OnRequest.Contains((name!, key)))
            json[key] ??= world.Store[json.Id()]?[key]?.DeepClone();
        else if (property is not null && IsExpandable(property))
            json[key] = json[key] is JsonArray ids ? ids.Select(id => Found(world, id)).Array() : Found(world, json[key]);
        else if (keys.Length == 1 || (property is null && name != "list" && name != "search_result"))
            throw Refusal.Invalid($"This property cannot be expanded ({path}).", "expand");
        if (keys.Length == 1)
            return;
        var next = property is null ? null : Element(property.PropertyType);
        foreach (var inner in json[key] is JsonArray many ? many.OfType<JsonObject>() : json[key] is JsonObject one ? [one] : Enumerable.Empty<JsonObject>())
            Expand(world, inner, Shape.TypeOf(inner.Str("object")) ?? next, keys[1..], path);
    }

    static JsonNode? Found(World world, JsonNode? reference) =>
        reference is JsonValue id && world.Store[id.ToString()] is { } found ? Plain(world, found) : reference?.DeepClone();

    static bool IsExpandable(PropertyInfo property) => property.PropertyType is { IsGenericType: true } type
        && (type.Name.StartsWith("ExpandableField", StringComparison.Ordinal)
            || (type.GetGenericArguments()[0] is { IsGenericType: true } element && element.Name.StartsWith("ExpandableField", StringComparison.Ordinal)));

    static Type Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) ? type.GetGenericArguments()[0] : type;
}
