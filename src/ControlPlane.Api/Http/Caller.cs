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

    /// <summary>Set where a reseller acts for one of its customers: <see cref="Organization"/> is that customer then.</summary>
    internal Behalf? Behalf { get; init; }

    /// <summary>Who is billed for what this call starts.</summary>
    internal OrganizationId Payer => Behalf?.Payer ?? Organization;

    internal Actor Actor => Behalf is { } behalf
        ? new Actor(ActorKind.Reseller, behalf.Reseller.ToString(), behalf.Name, IpAddress)
        : Token is { } token
        ? new Actor(ActorKind.Token, token.ToString(), TokenName!, IpAddress)
        : new Actor(ActorKind.User, User.ToString(), Person.Email, IpAddress);

    internal Actor OperatorActor => new(ActorKind.Operator, User.ToString(), Person.Email, IpAddress);

    internal bool HasScope(string scope) => Scopes is null || Scopes.Contains(scope);
}

/// <summary>A reseller that acts for one of its customers.</summary>
/// <param name="Name">As the customer's audit log names it.</param>
/// <param name="Payer">The reseller's own organization where it is billed; null where the customer is.</param>
/// <param name="IsSandbox">Nobody is billed.</param>
sealed record Behalf(ResellerId Reseller, string Name, OrganizationId? Payer, bool IsSandbox);

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
