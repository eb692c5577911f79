using Faktory.Server.Cron;
using Faktory.Server.Features;
using Faktory.Server.Throttling;

namespace Faktory.Server.Engine;

/// <summary>Everything about an engine that its configuration says and that can change while it runs.</summary>
sealed record EngineRules(EngineLimits Limits, FeatureSet Features, ThrottleRules Throttles, IReadOnlyList<CronEntry> Cron, IReadOnlyDictionary<string, int> Weights)
{
    internal static EngineRules Default { get; } = new(EngineLimits.Default, FeatureSet.All, ThrottleRules.None, [], new Dictionary<string, int>());

    /// <summary>Runs in the engine, as a step of its own.</summary>
    internal void Apply(JobEngine engine)
    {
        (engine.Limits, engine.Features) = (Limits, Features);
        engine.Throttles.Follow(Throttles);
        engine.Cron.Follow(Cron);
        engine.Weights.Follow(Features.IsOn(Feature.Weights) ? Weights : Default.Weights);
    }
}
