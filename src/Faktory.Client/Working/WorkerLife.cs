namespace Faktory.Client;

/// <summary>The state of one worker process, which never moves back. Any thread may move it.</summary>
sealed class WorkerLife(Action<FaktoryNotice>? notice)
{
    readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _terminating = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _state;

    internal FaktoryWorkerState State => (FaktoryWorkerState)Volatile.Read(ref _state);

    /// <summary>Done once nothing more is to be fetched.</summary>
    internal Task Quiet => _quiet.Task;

    /// <summary>Done once the process is to end.</summary>
    internal Task Terminating => _terminating.Task;

    internal void MoveTo(FaktoryWorkerState state)
    {
        for (var before = State; before < state; before = State)
        {
            if (Interlocked.CompareExchange(ref _state, (int)state, (int)before) != (int)before)
                continue;
            notice?.Invoke(new FaktoryNotice.StateChanged(state));
            _quiet.TrySetResult();
            if (state == FaktoryWorkerState.Terminating)
                _terminating.TrySetResult();
            return;
        }
    }
}
