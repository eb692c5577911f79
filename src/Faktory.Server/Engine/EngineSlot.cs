using Faktory.Server.Commands;
using Faktory.Server.Connections;
using Faktory.Server.Features;
using Faktory.Server.Storage;
using Faktory.Server.Throttling;

namespace Faktory.Server.Engine;

/// <summary>The place of the running engine: it can be emptied and filled with one on another store while the server goes on. One caller at a time.</summary>
/// <param name="folder">Says which store is in use.</param>
/// <param name="state">Shows the engine to the connections.</param>
/// <param name="durability">When promises are given.</param>
/// <param name="random">For the delays of retries.</param>
sealed class EngineSlot(DataFolder folder, ServerState state, Durability durability, Random random) : IDisposable
{
    readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Ballast _ballast = new(folder.BallastPath);
    volatile EngineLimits _limits = EngineLimits.Default;
    FeatureSet _features = FeatureSet.All;
    ThrottleRules _throttles = ThrottleRules.None;
    BallastWatch? _ballastWatch;

    /// <summary>Completes, with the reason, when nothing can be acknowledged any more: the process has to end.</summary>
    internal Task<Exception> Failed => _failed.Task;

    /// <exception cref="StorageException">The store cannot be opened.</exception>
    internal async Task OpenAsync()
    {
        var (limits, features, throttles) = (_limits, _features, _throttles);
        _ballast.ReleaseIfShort();
        var engine = new EngineLoop(
            JobStore.Open(folder.CurrentPath),
            store =>
            {
                var core = new JobEngine(store, state.Clock, random) { Limits = limits, Features = features };
                core.Throttles.Follow(throttles);
                return core;
            },
            durability,
            () => state.Sender,
            state.Clock,
            e => _failed.TrySetResult(e));
        try
        {
            await engine.Started;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
        _ballastWatch = BallastWatch.Start(_ballast, diskBytes => StorageRoom.FreeBytesMin(_limits, diskBytes), state.Clock);
        state.Engine = engine;
        state.Readiness = Readiness.Ready;
    }

    /// <summary>Finishes what has begun, closes all connections and the store.</summary>
    internal void Close(Readiness reason)
    {
        state.Readiness = reason;
        var engine = state.Engine;
        state.Engine = null;
        state.DropAll();
        _ballastWatch?.Dispose();
        engine?.Dispose();
    }

    /// <summary>From the engine's next turn on.</summary>
    internal void Limit(EngineLimits limits, ThrottleRules throttles)
    {
        (_limits, _throttles) = (limits, throttles);
        state.Engine?.Post(new EngineCall<bool>(e => Apply(e, limits, e.Features, throttles), isPromise: false));
    }

    internal async Task LimitAsync(EngineLimits limits, FeatureSet features, ThrottleRules throttles)
    {
        (_limits, _features, _throttles) = (limits, features, throttles);
        if (state.Engine is { } engine)
            await engine.CallAsync(e => Apply(e, limits, features, throttles));
    }

    static bool Apply(JobEngine engine, EngineLimits limits, FeatureSet features, ThrottleRules throttles)
    {
        (engine.Limits, engine.Features) = (limits, features);
        engine.Throttles.Follow(throttles);
        return true;
    }

    public void Dispose() => Close(Readiness.Starting);
}
