using System.Globalization;
using EntitlementValues = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace ControlPlane.Core.Plans;

/// <summary>What a debt takes away.</summary>
public enum DunningMask
{
    None,

    /// <summary>Nothing new and nothing larger; what runs goes on.</summary>
    NoGrowth,

    /// <summary>Instances are stopped, and keep their data, names and passwords.</summary>
    Stopped,
}

/// <param name="Quantity">How many of it.</param>
public sealed record AddOnValues(EntitlementValues Values, int Quantity);

/// <summary>
/// What an instance is entitled to: its plan's version, plus add-ons, then what was overridden for the customer, then what a debt takes away.
/// A pure function of these, so that the same inputs give the same limits whenever it is asked.
/// </summary>
public static class EffectiveEntitlements
{
    /// <param name="overrides">Those in force; a later one of the same key counts.</param>
    /// <exception cref="ArgumentException">A key or value is not one of <see cref="EntitlementKeys"/>.</exception>
    public static EntitlementValues Of(EntitlementValues plan, IEnumerable<AddOnValues> addOns, IEnumerable<KeyValuePair<string, string>> overrides, DunningMask mask)
    {
        var values = EntitlementValues.Empty.WithComparers(StringComparer.Ordinal)
            .Add(EntitlementKeys.GrowthAllowed, "true").Add(EntitlementKeys.ServiceRunning, "true");
        foreach (var (key, value) in plan)
            values = values.SetItem(key, Checked(key, value));
        foreach (var addOn in addOns)
            foreach (var (key, value) in addOn.Values)
                values = values.SetItem(key, Add(key, values.GetValueOrDefault(key), Checked(key, value), addOn.Quantity));
        foreach (var (key, value) in overrides)
            values = values.SetItem(key, Checked(key, value));
        if (mask >= DunningMask.NoGrowth)
            values = values.SetItem(EntitlementKeys.GrowthAllowed, "false");
        return mask == DunningMask.Stopped ? values.SetItem(EntitlementKeys.ServiceRunning, "false") : values;
    }

    static string Add(string key, string? had, string value, int quantity)
    {
        var known = EntitlementKeys.All[key];
        return (known.Kind, had) switch
        {
            (EntitlementKind.Count, _) => Text(checked(Number(had ?? "0") + quantity * Number(value))),
            (_, null) => value,
            (EntitlementKind.Least, _) => Text(Math.Min(Number(had), Number(value))),
            (EntitlementKind.Switch, _) => had == "true" || value == "true" ? "true" : "false",
            _ => Array.IndexOf(known.Words, value) > Array.IndexOf(known.Words, had) ? value : had,
        };
    }

    static string Checked(string key, string value) => EntitlementKeys.IsValid(key, value) ? value : throw new ArgumentException($"'{value}' is no value of the entitlement {key}");

    static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
