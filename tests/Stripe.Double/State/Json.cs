using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stripe.Double.State;

/// <summary>Reading and writing Stripe's objects, which are kept as the JSON that goes over the wire. A key may be a path: "parent.type".</summary>
static class Json
{
    /// <summary>The members of an anonymous object, as JSON.</summary>
    internal static JsonObject Of(object fields) => JsonSerializer.SerializeToNode(fields)!.AsObject();

    /// <summary>Sets the members of an anonymous object, and leaves every other key as it is.</summary>
    internal static JsonObject Set(this JsonObject target, object fields)
    {
        foreach (var (key, value) in Of(fields))
            target[key] = value?.DeepClone();
        return target;
    }

    internal static JsonObject With(this JsonObject target, string key, JsonNode? value)
    {
        target[key] = value;
        return target;
    }

    internal static JsonNode? At(this JsonObject json, string path)
    {
        JsonNode? node = json;
        foreach (var key in path.Split('.'))
        {
            if (node is not JsonObject inner)
                return null;
            node = inner[key];
        }
        return node;
    }

    internal static string? Str(this JsonObject json, string path) => json.At(path) is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : null;

    internal static long? Int(this JsonObject json, string path) =>
        json.Str(path) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)number : null;

    /// <summary>The number, or zero where there is none.</summary>
    internal static long Long(this JsonObject json, string path) => json.Int(path) ?? 0;

    internal static decimal? Dec(this JsonObject json, string path) =>
        json.Str(path) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether the value is there and true.</summary>
    internal static bool Is(this JsonObject json, string path) => json.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    internal static JsonObject? Obj(this JsonObject json, string path) => json.At(path) as JsonObject;

    internal static JsonArray? Arr(this JsonObject json, string path) => json.At(path) as JsonArray;

    internal static IEnumerable<JsonObject> Objects(this JsonObject json, string path) => json.Arr(path)?.OfType<JsonObject>() ?? [];

    internal static IEnumerable<string> Strings(this JsonObject json, string path) => json.Arr(path)?.Select(node => node!.GetValue<string>()) ?? [];

    internal static JsonArray Array(this IEnumerable<JsonNode?> nodes) => [.. nodes.Select(node => node?.DeepClone())];

    internal static JsonArray Array(this IEnumerable<string> values) => [.. values.Select(value => (JsonNode?)value)];

    internal static JsonObject Copy(this JsonObject json) => json.DeepClone().AsObject();

    internal static string Id(this JsonObject json) => json.Str("id")!;

    /// <summary>Copies those of the keys that the caller sent. Metadata is merged, as Stripe does, and an empty value removes its key.</summary>
    internal static JsonObject Take(this JsonObject target, JsonObject sent, params string[] keys)
    {
        foreach (var key in keys.Where(sent.ContainsKey))
            target[key] = key == "metadata" ? Merged(target.Obj(key), sent.Obj(key)) : sent[key]?.DeepClone();
        return target;
    }

    internal static JsonObject Merged(JsonObject? metadata, JsonObject? sent)
    {
        var merged = metadata?.Copy() ?? [];
        // Sending nothing instead of pairs clears them all.
        if (sent is null)
            return [];
        foreach (var (key, value) in sent)
        {
            if (value is null || value.GetValue<string>().Length == 0)
                merged.Remove(key);
            else
                merged[key] = value.DeepClone();
        }
        return merged;
    }
}
