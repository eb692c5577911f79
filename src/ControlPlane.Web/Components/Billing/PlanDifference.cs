using System.Globalization;
using ControlPlane.Client;

namespace ControlPlane.Web.Components.Billing;

/// <summary>What a move from one plan to another takes away, as people read it.</summary>
static class PlanDifference
{
    static readonly (string Key, string Meaning, Func<int, string> Format)[] limits =
    [
        ("instance.connections.max", "connections", n => Words.Number(n)),
        ("instance.memory_mb", "memory", Words.Megabytes),
        ("instance.storage_mb", "storage", Words.Megabytes),
        ("backups.kept_max", "backups kept", n => Words.Number(n)),
        ("jobs.included", "jobs a month", n => Words.Number(n)),
    ];

    /// <returns>Sentences such as "Connections: 100 instead of 500"; none where nothing is lost.</returns>
    public static IEnumerable<string> Lost(PlanResource from, PlanResource to)
    {
        foreach (var (key, meaning, format) in limits)
        {
            if (Value(from, key) is { } had && Value(to, key) is { } gets && gets < had)
                yield return $"{Words.Plain(meaning)}: {format(gets)} instead of {format(had)}";
        }
        var features = from.Features.Except(to.Features).ToList();
        if (features.Count > 0)
            yield return $"No longer: {string.Join(", ", features.Select(PlanLines.Feature))}";
    }

    static int? Value(PlanResource plan, string key) => int.TryParse(plan.Values.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
