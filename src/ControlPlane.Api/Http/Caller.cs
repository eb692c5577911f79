using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Http;

/// <summary>Who makes this call, and for which organization.</summary>
/// <param name="Scopes">What the token was narrowed to; null for a person, who may do all that the role allows.</param>
/// <param name="Token">The token by which the call was made; null for a person at the portal.</param>
sealed record Caller(Person Person, PersonMembership Membership, IReadOnlyList<string>? Scopes, TokenId? Token, string? TokenName, string? IpAddress)
{
    internal OrganizationId Organization => Membership.Organization;
    internal Role Role => Membership.Role;
    internal UserId User => Person.Id;

    internal Actor Actor => Token is { } token
        ? new Actor(ActorKind.Token, token.ToString(), TokenName!, IpAddress)
        : new Actor(ActorKind.User, User.ToString(), Person.Email, IpAddress);

    internal Actor OperatorActor => new(ActorKind.Operator, User.ToString(), Person.Email, IpAddress);

    internal bool HasScope(string scope) => Scopes is null || Scopes.Contains(scope);
}

/// <summary>A person with all memberships, the oldest first.</summary>
sealed record Person(UserId Id, string Email, DateTimeOffset CreatedAt, bool IsOperator, string SecurityStamp, IReadOnlyList<PersonMembership> Memberships);

sealed record PersonMembership(OrganizationId Organization, string OrganizationName, DateTimeOffset OrganizationCreatedAt, Role Role)
{
    internal OrganizationResource ToResource() => new(Organization.ToString(), OrganizationName, OrganizationCreatedAt);
}

/// <summary>Holds the caller of this request once it is known. One per request.</summary>
sealed class CallerSlot
{
    internal Caller? Caller { get; set; }

    /// <summary>Why a caller that showed something was not recognized.</summary>
    internal Problem? Refusal { get; set; }
}
