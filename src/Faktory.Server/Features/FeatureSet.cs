using System.Text.Json;
using Faktory.Server.Config;

namespace Faktory.Server.Features;

/// <summary>
/// Which features are on. In the instance file a feature is <c>true</c>, <c>false</c>, or, when it is off, the name of the plan that has it:
/// <c>{"unique": "Pro"}</c>. What is not named is on. Replaced as a whole.
/// </summary>
sealed class FeatureSet
{
    // By feature: null when it is on, else the plan that has it, which may be unknown (empty).
    readonly Dictionary<Feature, string> _off = [];

    internal static FeatureSet All { get; } = new();

    /// <exception cref="ConfigurationException">A value is none of these. Names that this server does not know are passed over: they are a newer server's.</exception>
    internal static FeatureSet Read(IReadOnlyDictionary<string, JsonElement>? switches)
    {
        var set = new FeatureSet();
        foreach (var (name, value) in switches ?? new Dictionary<string, JsonElement>())
        {
            var plan = value.ValueKind switch
            {
                JsonValueKind.True => null,
                JsonValueKind.False => "",
                JsonValueKind.String => value.GetString()!,
                _ => throw new ConfigurationException($"the feature {name} must be true, false, or the name of the plan that has it"),
            };
            if (plan is not null && Enum.TryParse<Feature>(name, ignoreCase: true, out var feature))
                set._off[feature] = plan;
        }
        return set;
    }

    internal bool IsOn(Feature feature) => !_off.ContainsKey(feature);

    /// <summary>What to answer who uses it; null when it is on.</summary>
    internal string? Refuse(Feature feature) => !_off.TryGetValue(feature, out var plan) ? null
        : plan.Length == 0 ? $"{Describe(feature)} are switched off on this server"
        : $"{Describe(feature)} are not part of this plan: they come with the plan {plan}";

    static string Describe(Feature feature) => feature switch
    {
        Feature.Unique => "unique jobs (custom.unique_for)",
        Feature.Expiring => "expiring jobs (custom.expires_at, custom.expires_in)",
        Feature.Batches => "batches (BATCH)",
        Feature.Tracking => "tracked jobs (custom.track, TRACK)",
        Feature.Throttles => "throttles",
        Feature.Cron => "cron jobs",
        Feature.Cancel => "cancelled jobs (CANCEL)",
        Feature.Weights => "weights of queues",
        Feature.Debounce => "debounced jobs (custom.debounce_for)",
        _ => throw new ArgumentOutOfRangeException(nameof(feature)),
    };
}
