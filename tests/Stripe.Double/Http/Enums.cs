using System.Collections.Frozen;
using System.Reflection;

namespace Stripe.Double.Http;

/// <summary>The values an option may have: from the SDK's documentation (enums.txt, written by enums.sh) and from its constants.</summary>
static class Enums
{
    static readonly FrozenDictionary<string, string[]> documented = Read();
    static readonly FrozenSet<string> eventTypes = Constants(typeof(EventTypes)).Append("*").ToFrozenSet();

    internal static string Check(PropertyInfo property, string value, string name)
    {
        if (property.Name == "EnabledEvents" && !eventTypes.Contains(value))
            throw Refusal.Invalid($"Unknown event type: {value}", name);
        var owner = property.DeclaringType!;
        if (documented.TryGetValue($"{owner.FullName!["Stripe.".Length..]}.{property.Name}", out var values) && !values.Contains(value))
            throw Outside(name, values);
        return value;
    }

    internal static Refusal Outside(string name, IEnumerable<string> values) =>
        Refusal.Invalid($"Invalid {name}: must be one of {string.Join(", ", values)}", name);

    /// <summary>The constants of one of the SDK's classes of words, such as the end of a trial: "now".</summary>
    internal static IEnumerable<string> Words(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == type).Select(p => p.GetValue(null)!)
            .Concat(type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == type).Select(f => f.GetValue(null)!))
            .Select(word => (string)type.GetProperty("Value", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(word)!);

    static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy).Where(f => f.IsLiteral && f.FieldType == typeof(string)).Select(f => (string)f.GetRawConstantValue()!);

    static FrozenDictionary<string, string[]> Read()
    {
        using var reader = new StreamReader(typeof(Enums).Assembly.GetManifestResourceStream("enums.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .ToFrozenDictionary(words => words[0], words => words[1..]);
    }
}
