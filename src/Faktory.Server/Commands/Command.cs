using System.Threading.Tasks.Sources;
using Faktory.Server.Engine;
using Faktory.Server.Protocol;

namespace Faktory.Server.Commands;

/// <summary>
/// One request: read on the connection's thread, executed in the engine, and answered to whoever awaits <see cref="Answered"/>.
/// </summary>
abstract class Command : IValueTaskSource<Reply>
{
    // Runs the connection's code, where an IAnswerSender has it run.
    ManualResetValueTaskSourceCore<Reply> _completion;
    Reply _reply;
    int _isDone;

    /// <summary>Changes the engine's state and leaves the answer with it, now or later. Runs in the engine.</summary>
    internal abstract void Execute(JobEngine engine);

    /// <summary>To be awaited once.</summary>
    internal ValueTask<Reply> Answered => new(this, _completion.Version);

    internal Reply Reply
    {
        get => _reply;
        set => _reply = value;
    }

    /// <summary>Sends the reply on its way. Only the first of this and <see cref="Abandon"/> counts.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref _isDone, 1) == 0)
            Finish();
    }

    /// <summary>No answer can be given: whether it took effect is unknown.</summary>
    internal void Abandon(Exception reason)
    {
        if (Interlocked.Exchange(ref _isDone, 1) == 0)
            Finish(reason);
    }

    protected virtual void Finish() => _completion.SetResult(_reply);

    protected virtual void Finish(Exception reason) => _completion.SetException(reason);

    Reply IValueTaskSource<Reply>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Reply>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<Reply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);
}

/// <summary>A request that is answered without asking the engine.</summary>
sealed class Refusal : Command
{
    internal Refusal(Reply reply)
    {
        Reply = reply;
        Release();
    }

    internal override void Execute(JobEngine engine) => throw new InvalidOperationException("a refusal is answered already");
}

/// <summary>Something for the engine to do for another part of the server, such as a backup. A failure stops the engine.</summary>
sealed class EngineCall<T>(Func<JobEngine, T> call, bool isPromise) : Command
{
    readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T _value = default!;

    internal Task<T> Result => _result.Task;

    internal override void Execute(JobEngine engine)
    {
        _value = call(engine);
        if (isPromise)
            engine.AnswerWhenSynced(this, Reply.Ok);
        else
            engine.Answer(this, Reply.Ok);
    }

    protected override void Finish() => _result.SetResult(_value);

    protected override void Finish(Exception reason) => _result.SetException(reason);
}
