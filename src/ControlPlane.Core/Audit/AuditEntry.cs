using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Audit;

public enum ActorKind
{
    User,
    Token,
    Operator,
    System,
    Reseller,
}

/// <summary>Who did something.</summary>
/// <param name="Name">What people know it by: an e-mail address, a token's name, a process.</param>
public sealed record Actor(ActorKind Kind, string Id, string Name, string? IpAddress = null)
{
    public static Actor System(string process) => new(ActorKind.System, process, process);
}

/// <summary>A line of the audit log. The database refuses to change or remove one.</summary>
public sealed class AuditEntry
{
    public required AuditId Id { get; init; }
    public required OrganizationId? OrganizationId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required ActorKind ActorKind { get; init; }
    public required string ActorId { get; init; }
    public required string ActorName { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Detail { get; init; }
    public string? IpAddress { get; init; }
}

public static class AuditLog
{
    /// <summary>Adds the line to what the caller is about to save, so that both happen or neither.</summary>
    /// <param name="action">Subject and verb, for example instance.created.</param>
    /// <param name="detail">A sentence or a few values; never a secret.</param>
    public static void Write(this ControlPlaneDb db, OrganizationId? organization, Actor actor, string action, string subject, string? detail, TimeProvider clock) =>
        db.AuditEntries.Add(new AuditEntry
        {
            Id = AuditId.New(clock),
            OrganizationId = organization,
            At = clock.GetUtcNow(),
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            Subject = subject,
            Detail = detail,
            IpAddress = actor.IpAddress,
        });
}
