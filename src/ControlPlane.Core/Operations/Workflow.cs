namespace ControlPlane.Core.Operations;

/// <summary>What comes after a step.</summary>
public abstract record StepResult
{
    StepResult()
    {
    }

    /// <summary>Go on with another step, at once or after a while.</summary>
    public sealed record Next(string Step, TimeSpan After = default) : StepResult;

    /// <summary>The same step again after a while: it waits for something and nothing is wrong.</summary>
    public sealed record Wait(TimeSpan For) : StepResult;

    public sealed record Done : StepResult;

    /// <param name="Error">A sentence for the customer: what happened and what to do.</param>
    public sealed record Fail(string Error) : StepResult;

    public static readonly StepResult Finished = new Done();
}

/// <summary>
/// One kind of operation as durable steps. A step may run twice and may die anywhere, so it looks before it acts: it ensures, it does not
/// create. What it changes in <see cref="StepContext.Db"/> is saved in one transaction with the move to the next step. Made anew for each step.
/// </summary>
public abstract class Workflow
{
    readonly Dictionary<string, Func<StepContext, CancellationToken, Task<StepResult>>> steps = new(StringComparer.Ordinal);

    public abstract OperationKind Kind { get; }

    /// <summary>How often a step is begun before the operation is given up; by default never, and its deadline calls a human.</summary>
    public virtual int TriesMax => int.MaxValue;

    /// <summary>What a customer reads while a failed step is being tried again.</summary>
    public virtual string RetryMessage => "A step did not work and is being tried again.";

    /// <summary>What a customer reads when it was given up.</summary>
    public virtual string GivenUpMessage => "It did not work after several tries. We have been told and are looking at it.";

    protected void Step(string name, Func<StepContext, CancellationToken, Task<StepResult>> run) => steps.Add(name, run);

    public Task<StepResult> RunAsync(StepContext context, CancellationToken cancel) =>
        steps.TryGetValue(context.Operation.Step, out var run)
            ? run(context, cancel)
            : throw new InvalidOperationException($"{Kind.Name} has no step {context.Operation.Step}");

    /// <summary>Called in the transaction in which the operation fails, for good: mark what it worked on, raise alerts.</summary>
    public virtual Task OnFailedAsync(StepContext context, string error, CancellationToken cancel) => Task.CompletedTask;
}
