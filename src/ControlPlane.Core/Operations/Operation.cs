using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Operations;

public enum OperationState
{
    Pending,
    Running,
    Succeeded,
    Failed,
}

/// <summary>
/// Something that takes time: a durable row that a runner takes step by step. Filing it in the transaction of the change that
/// asks for it is the outbox: both happen or neither.
/// </summary>
public sealed class Operation
{
    public required OperationId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required string Kind { get; init; }

    /// <summary>The id of what it works on. Operations on one subject run one after the other, in the order they were filed.</summary>
    public required string Subject { get; init; }
    public OperationState State { get; set; } = OperationState.Pending;
    public required string Step { get; set; }

    /// <summary>The workflow's own state, JSON.</summary>
    public string Data { get; set; } = "{}";

    /// <summary>Not before this.</summary>
    public required DateTimeOffset RunAt { get; set; }

    /// <summary>Who runs it now; a new value each time it is leased.</summary>
    public Guid? LeaseOwner { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>How often the current step was begun.</summary>
    public int Tries { get; set; }

    /// <summary>Grows with each wake-up, so that one during a step is not lost.</summary>
    public int WakeCount { get; set; }
    public required DateTimeOffset DeadlineAt { get; set; }
    public DateTimeOffset? DeadlineMissedAt { get; set; }

    /// <summary>A sentence for the customer.</summary>
    public string? Error { get; set; }

    /// <summary>What the operator needs to know of the last error.</summary>
    public string? ErrorDetail { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }

    public bool IsFinished => State is OperationState.Succeeded or OperationState.Failed;
}

public static class OperationFiling
{
    /// <summary>Adds the operation to what the caller is about to save. A database trigger tells the runners once that is committed.</summary>
    /// <param name="subject">The id of what it works on; see <see cref="Operation.Subject"/>.</param>
    /// <param name="data">The workflow's first state, serialized as JSON; none when null.</param>
    public static Operation File(this ControlPlaneDb db, OperationKind kind, OrganizationId organization, string subject, object? data, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var operation = new Operation
        {
            Id = OperationId.New(clock),
            OrganizationId = organization,
            Kind = kind.Name,
            Subject = subject,
            Step = kind.FirstStep,
            Data = data is null ? "{}" : StepContext.Serialize(data),
            RunAt = now,
            DeadlineAt = now + kind.Deadline,
            CreatedAt = now,
        };
        db.Operations.Add(operation);
        return operation;
    }

    /// <summary>Makes the subject's unfinished operations look again at once, for example because its intent has changed.</summary>
    public static Task<int> WakeAsync(this ControlPlaneDb db, string subject, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return db.Operations
            .Where(o => o.Subject == subject && (o.State == OperationState.Pending || o.State == OperationState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.WakeCount, o => o.WakeCount + 1).SetProperty(o => o.RunAt, now), cancel);
    }
}
