using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Operations;

/// <summary>Lets callers wait until an operation has finished, as <see cref="OperationListener"/> hears of it. Safe for any number of callers.</summary>
public sealed class OperationCompletions
{
    readonly Lock gate = new();
    readonly Dictionary<OperationId, List<Listening>> waiting = [];

    /// <summary>Begins to listen. Do so before looking at the row, so that nothing falls in between, and dispose of it.</summary>
    public Listening Listen(OperationId operation)
    {
        var listening = new Listening(this, operation);
        lock (gate)
        {
            if (!waiting.TryGetValue(operation, out var all))
                waiting[operation] = all = [];
            all.Add(listening);
        }
        return listening;
    }

    internal void Complete(OperationId operation)
    {
        lock (gate)
        {
            foreach (var listening in waiting.GetValueOrDefault(operation) ?? [])
                listening.Hear();
        }
    }

    void Forget(Listening listening)
    {
        lock (gate)
        {
            var all = waiting[listening.Operation];
            all.Remove(listening);
            if (all.Count == 0)
                waiting.Remove(listening.Operation);
        }
    }

    public sealed class Listening : IDisposable
    {
        readonly OperationCompletions owner;
        readonly TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool forgotten;

        internal Listening(OperationCompletions owner, OperationId operation) => (this.owner, Operation) = (owner, operation);

        internal OperationId Operation { get; }

        /// <summary>Returns when the operation was heard to finish, or after <paramref name="atMost"/>: look at the row either way.</summary>
        public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
        {
            try
            {
                await heard.Task.WaitAsync(atMost, clock, cancel);
            }
            catch (TimeoutException)
            {
                // The caller looks for itself.
            }
        }

        internal void Hear() => heard.TrySetResult();

        public void Dispose()
        {
            if (forgotten)
                return;
            forgotten = true;
            owner.Forget(this);
        }
    }
}
