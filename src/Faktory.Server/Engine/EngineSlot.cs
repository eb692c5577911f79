using Faktory.Server.Commands;
using Faktory.Server.Connections;
using Faktory.Server.Storage;

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
    volatile EngineRules _rules = EngineRules.Default;
    BallastWatch? _ballastWatch;

    /// <summary>Completes, with the reason, when nothing can be acknowledged any more: the process has to end.</summary>
    internal Task<Exception> Failed => _failed.Task;

    /// <exception cref="StorageException">The store cannot be opened.</exception>
    internal async Task OpenAsync()
    {
        var rules = _rules;
        _ballast.ReleaseIfShort();
        var engine = new EngineLoop(
            JobStore.Open(folder.CurrentPath),
            store =>
            {
                var core = new JobEngine(store, state.Clock, random);
                rules.Apply(core);
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
        _ballastWatch = BallastWatch.Start(_ballast, diskBytes => StorageRoom.FreeBytesMin(_rules.Limits, diskBytes), state.Clock);
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
    internal void Follow(EngineRules rules)
    {
        _rules = rules;
        state.Engine?.Post(new EngineCall<bool>(e => Apply(e, rules), isPromise: false));
    }

    internal async Task FollowAsync(EngineRules rules)
    {
        _rules = rules;
        if (state.Engine is { } engine)
            await engine.CallAsync(e => Apply(e, rules));
    }

    static bool Apply(JobEngine engine, EngineRules rules)
    {
        rules.Apply(engine);
        return true;
    }

    public void Dispose() => Close(Readiness.Starting);
}
