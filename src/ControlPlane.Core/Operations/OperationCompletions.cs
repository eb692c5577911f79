using System.Collections.Concurrent;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Operations;

/// <summary>Lets callers wait until an operation has finished, as <see cref="OperationListener"/> hears of it. Safe for any number of callers.</summary>
public sealed class OperationCompletions
{
    readonly ConcurrentDictionary<OperationId, TaskCompletionSource> waiting = new();

    /// <summary>Returns when it was heard to finish, or after <paramref name="atMost"/>: look at the row either way.</summary>
    public async Task WaitAsync(OperationId operation, TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        var completion = waiting.GetOrAdd(operation, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await completion.Task.WaitAsync(atMost, clock, cancel);
        }
        catch (TimeoutException)
        {
            // The caller looks for itself.
        }
        finally
        {
            if (!completion.Task.IsCompleted)
                waiting.TryRemove(KeyValuePair.Create(operation, completion));
        }
    }

    internal void Complete(OperationId operation)
    {
        if (waiting.TryRemove(operation, out var completion))
            completion.TrySetResult();
    }
}
