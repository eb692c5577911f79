using Faktory.Server.Config;
using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Storage;

namespace Faktory.Server.Admin;

/// <summary>What the calls of the admin port work on. Those that change anything go through <see cref="AloneAsync"/>.</summary>
sealed record AdminContext(ServerState State, EngineSlot Slot, DataFolder Folder, InstanceFile? Instance, ServerOptions Options) : IDisposable
{
    readonly SemaphoreSlim _oneAtATime = new(1);

    internal string? Token => Instance?.Config.AdminToken;

    /// <summary>Puts the instance file in force, without a restart.</summary>
    internal async Task FollowInstanceAsync(InstanceFile instance)
    {
        State.Passwords = instance.Passwords(Options.AllowsSingleHash);
        var limits = instance.Config.Limits ?? new LimitSettings();
        State.Limits = limits.Apply(Options.Limits);
        State.AllowsEnqueue = instance.Config.Web?.Enqueue ?? Options.AllowsEnqueue;
        State.Brand = BrandSettings.Read(instance.Config.Brand);
        await Slot.FollowAsync(new EngineRules(
            limits.Apply(Options.Rules.Limits),
            FeatureSet.Read(instance.Config.Features),
            Options.Rules.Throttles.With(ThrottleSettings.Read(instance.Config.Throttles, instance.Config.JobtypeThrottles)),
            [.. Options.Rules.Cron, .. CronSettings.Read(instance.Config.Cron)],
            Options.Rules.Weights.Concat(WeightSettings.Read(instance.Config.Weights)).GroupBy(w => w.Key).ToDictionary(w => w.Key, w => w.Last().Value)));
    }

    /// <summary>Runs one call after the other; those that only read need not wait.</summary>
    internal async Task AloneAsync(Func<Task> call)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await call();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();
}
