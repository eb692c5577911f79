using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers;

public enum ManagedState
{
    Active,

    /// <summary>The reseller stopped it.</summary>
    Suspended,

    /// <summary>The reseller gave it up; its id is not used again.</summary>
    Deprovisioned,

    /// <summary>Its customer took it over.</summary>
    Released,
}

/// <summary>An instance that a reseller asked for, under the id that the reseller chose.</summary>
public sealed class ManagedResource
{
    public required ManagedResourceId Id { get; init; }
    public required IntegrationId IntegrationId { get; init; }
    public required ResellerId ResellerId { get; init; }

    /// <summary>The caller's id; unique in the integration, for ever.</summary>
    public required string ExternalId { get; init; }
    public required OrganizationId OrganizationId { get; init; }
    public required InstanceId InstanceId { get; init; }

    /// <summary>The plan that the reseller asked for last.</summary>
    public required string PlanKey { get; set; }

    /// <summary>SHA-256 of what was asked for at first: the same id with something else is refused.</summary>
    public required byte[] RequestHash { get; init; }
    public ManagedState State { get; private set; }

    /// <summary>What the last command set in motion.</summary>
    public required OperationId OperationId { get; set; }
    public bool IsSandbox { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsLiving => State is ManagedState.Active or ManagedState.Suspended;

    public void MarkSuspended() => State = IsLiving ? ManagedState.Suspended : throw Ended();

    public void MarkActive() => State = IsLiving ? ManagedState.Active : throw Ended();

    public void MarkDeprovisioned(DateTimeOffset now) => (State, EndedAt) = State switch
    {
        ManagedState.Released => throw Ended(),
        _ => (ManagedState.Deprovisioned, EndedAt ?? now),
    };

    public void MarkReleased(DateTimeOffset now) => (State, EndedAt) = IsLiving ? (ManagedState.Released, now) : throw Ended();

    InvalidOperationException Ended() => new($"resource {Id} is {State}");
}

/// <summary>A command that was carried out on a resource, under the id that the caller chose: the same id again does nothing.</summary>
public sealed class ResourceCommand
{
    public required ManagedResourceId ResourceId { get; init; }
    public required string CommandId { get; init; }
    public required ResellerId ResellerId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>SHA-256 of the command and what it asked for.</summary>
    public required byte[] RequestHash { get; init; }
    public required OperationId OperationId { get; init; }
    public required DateTimeOffset At { get; init; }
}
