using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Core.Identity;

/// <summary>A person who signs in. Passwords, lockout and passkeys are ASP.NET Core Identity's.</summary>
public sealed class User : IdentityUser<Guid>
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Runs the service: sees the whole fleet, through the operator's calls only.</summary>
    public bool IsOperator { get; set; }

    public UserId UserId => new(Id);
}

/// <summary>A one-time link that makes whoever opens it the operator. Only its SHA-256 is kept.</summary>
public sealed class OperatorClaim
{
    public required byte[] TokenHash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}
