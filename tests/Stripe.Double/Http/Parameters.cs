using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Stripe.Double.State;

namespace Stripe.Double.Http;

/// <summary>
/// Holds what was sent against the SDK's option class: unknown keys, numbers that are none and values outside an enum are refused with Stripe's
/// words, and what passes has its type. An empty value means null: it clears what it names.
/// </summary>
static class Parameters
{
    const int metadataPairsMax = 50, metadataKeyMax = 40, metadataValueMax = 500, listMax = 1000;

    static readonly ConcurrentDictionary<Type, Dictionary<string, PropertyInfo>> known = new();

    internal static JsonObject Check(Type options, JsonObject sent, string path = "")
    {
        var properties = known.GetOrAdd(options, type => Shape.Properties(type).ToDictionary(pair => pair.Key, pair => pair.Property));
        var checkedObject = new JsonObject();
        foreach (var (key, value) in sent)
        {
            var name = path.Length == 0 ? key : $"{path}[{key}]";
            if (!properties.TryGetValue(key, out var property))
                throw Refusal.Invalid($"Received unknown parameter: {name}", name, "parameter_unknown");
            checkedObject[key] = Convert(property.PropertyType, value!, name, property);
        }
        return checkedObject;
    }

    static JsonNode? Convert(Type type, JsonNode value, string name, PropertyInfo property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            return Pairs(type.GetGenericArguments()[1], value, name, property);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return value is JsonObject entries ? Items(type.GetGenericArguments()[0], entries, name, property) : Empty(value, name, "array");
        if (type.Name.StartsWith("AnyOf", StringComparison.Ordinal))
            return Either(type.GetGenericArguments(), value, name, property);
        if (value is JsonObject inner)
            return typeof(INestedOptions).IsAssignableFrom(type) ? Check(type, inner, name) : throw Refusal.Invalid($"Invalid string: {name}", name);
        var text = value.GetValue<string>();
        return text.Length == 0 ? null : Scalar(type, text, name, property);
    }

    static JsonNode Scalar(Type type, string text, string name, PropertyInfo property)
    {
        if (type == typeof(long) || type == typeof(int))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer
                : throw Refusal.Invalid($"Invalid integer: {text}", name, "parameter_invalid_integer");
        if (type == typeof(bool))
            return text is "true" or "false" ? text == "true" : throw Refusal.Invalid($"Invalid boolean: {text}", name);
        if (type == typeof(decimal))
            return decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number
                : throw Refusal.Invalid($"Invalid decimal: {text}", name);
        if (type == typeof(DateTime))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? seconds
                : throw Refusal.Invalid($"Invalid timestamp: {text}", name);
        if (typeof(INestedOptions).IsAssignableFrom(type))
            throw Refusal.Invalid("Invalid object", name);
        return Enums.Check(property, text, name);
    }

    static JsonObject? Pairs(Type type, JsonNode value, string name, PropertyInfo property)
    {
        if (value is not JsonObject pairs)
            return (JsonObject?)Empty(value, name, "hash");
        if (name == "metadata" && pairs.Count > metadataPairsMax)
            throw Refusal.Invalid($"Metadata can have at most {metadataPairsMax} keys.", name);
        var result = new JsonObject();
        foreach (var (key, item) in pairs)
        {
            if (type != typeof(string))
                result[key] = Convert(type, item!, $"{name}[{key}]", property);
            else if (key.Length > metadataKeyMax || item!.GetValue<string>().Length > metadataValueMax)
                throw Refusal.Invalid($"Metadata values can have up to {metadataValueMax} characters, and keys up to {metadataKeyMax}.", $"{name}[{key}]");
            else
                result[key] = item.GetValue<string>();
        }
        return result;
    }

    static JsonArray Items(Type type, JsonObject entries, string name, PropertyInfo property)
    {
        if (entries.Count > listMax || entries.Any(entry => !int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw Refusal.Invalid("Invalid array", name);
        return [.. entries.OrderBy(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture)).Select(entry => Convert(type, entry.Value!, $"{name}[{entry.Key}]", property))];
    }

    // AnyOf<DateTime?, DateRangeOptions>, AnyOf<DateTime?, SubscriptionTrialEnd> ("now"), AnyOf<string, AccountBankAccountOptions, …>.
    static JsonNode? Either(Type[] alternatives, JsonNode value, string name, PropertyInfo property)
    {
        if (value is JsonObject inner)
            return Check(alternatives.FirstOrDefault(typeof(INestedOptions).IsAssignableFrom) ?? throw Refusal.Invalid($"Invalid value: {name}", name), inner, name);
        var text = value.GetValue<string>();
        if (text.Length == 0)
            return null;
        if (alternatives.Contains(typeof(DateTime?)) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return seconds;
        if (alternatives.Contains(typeof(string)))
            return text;
        var words = alternatives.SelectMany(Enums.Words).ToList();
        return words.Contains(text) ? text : throw Enums.Outside(name, words);
    }

    // Stripe takes an empty string where it expects a list or pairs, and clears them.
    static JsonNode? Empty(JsonNode value, string name, string expected) =>
        value is JsonValue && value.GetValue<string>().Length == 0 ? null : throw Refusal.Invalid($"Invalid {expected}", name);
}
