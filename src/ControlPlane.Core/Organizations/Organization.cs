using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Organizations;

/// <summary>The tenant: whoever owns instances, tokens and bills.</summary>
public sealed class Organization
{
    public required OrganizationId Id { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a person may do in an organization; each may do all that those below it may.</summary>
public enum Role
{
    Viewer,
    Billing,
    Developer,
    Admin,
    Owner,
}

/// <summary>A person's place in an organization.</summary>
public sealed class Membership
{
    public required OrganizationId OrganizationId { get; init; }
    public required UserId UserId { get; init; }
    public required Role Role { get; set; }
    public required DateTimeOffset JoinedAt { get; init; }
}
