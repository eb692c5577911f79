using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>POST /v1/signup</summary>
/// <param name="Email">The address the person signs in with; unique in the service.</param>
/// <param name="Password">10 to 128 characters; very common ones are refused.</param>
/// <param name="Organization">The name of the organization that is created, 1 to 80 characters.</param>
/// <param name="Host">Under which host the person signs up: where a reseller's brand is shown there, the organization is its customer.</param>
public sealed record SignUpRequest(
    [property: Required(ErrorMessage = "Enter an e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string Email,
    [property: Required(ErrorMessage = "Choose a password."), StringLength(128, MinimumLength = 10, ErrorMessage = "A password has 10 to 128 characters. Choose a longer one, for example a few words.")] string Password,
    [property: Required(ErrorMessage = "Name the organization."), StringLength(80, MinimumLength = 1, ErrorMessage = "The name of an organization has 1 to 80 characters.")] string Organization,
    [property: MaxLength(253, ErrorMessage = "A host has at most 253 characters.")] string? Host = null);

/// <summary>What a sign-up creates. The token is shown here and never again.</summary>
public sealed record SignUpResponse(UserResource User, OrganizationResource Organization, string Token);

public sealed record UserResource(string Id, string Email, DateTimeOffset CreatedAt);

public sealed record OrganizationResource(string Id, string Name, DateTimeOffset CreatedAt);

/// <summary>GET /v1/me: who the caller is and which organizations it may act for.</summary>
/// <param name="User">Null for a token that belongs to no person.</param>
/// <param name="Organization">The organization this call acts for.</param>
/// <param name="Role">owner, admin, developer, billing or viewer, in that organization.</param>
/// <param name="IsReseller">The organization has customers of its own: /v1/reseller is open to it.</param>
/// <param name="ManagedBy">The reseller through whom the organization came, if there is one.</param>
/// <param name="IsParty">The organization has shares of what is sold: /v1/parties has something to show to those who see money.</param>
/// <param name="Brand">How that reseller wants the service to look.</param>
public sealed record MeResponse(UserResource? User, OrganizationResource Organization, string Role, bool IsOperator, IReadOnlyList<MembershipResource> Memberships,
    bool IsReseller = false, string? ManagedBy = null, BrandResource? Brand = null, bool IsParty = false);

public sealed record MembershipResource(OrganizationResource Organization, string Role);

/// <summary>One person of an organization, as in GET /v1/members.</summary>
public sealed record MemberResource(string UserId, string Email, string Role, DateTimeOffset JoinedAt);

/// <summary>POST /v1/tokens</summary>
/// <param name="Scopes">Any of read, write, credentials, billing:read, billing:write, payout:approve, reseller:read, reseller:write; empty means all that the caller's role allows.</param>
/// <param name="ExpiresInDays">1 to 3650; 365 when left out.</param>
public sealed record CreateTokenRequest(
    [property: Required(ErrorMessage = "Name the token."), StringLength(80, MinimumLength = 1, ErrorMessage = "The name of a token has 1 to 80 characters.")] string Name,
    IReadOnlyList<string>? Scopes = null,
    [property: Range(1, 3650, ErrorMessage = "A token lives 1 to 3650 days.")] int? ExpiresInDays = null);

/// <summary>A token as it is listed: its secret is not kept, only its first characters.</summary>
public sealed record TokenResource(string Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>A new token with its secret, which is shown here and never again.</summary>
public sealed record CreatedTokenResponse(TokenResource Token, string Secret);

/// <summary>One line of the audit log, newest first in GET /v1/audit.</summary>
/// <param name="ActorKind">user, token, operator, system or reseller.</param>
public sealed record AuditResource(string Id, DateTimeOffset At, string ActorKind, string Actor, string Action, string Subject, string? Detail, string? IpAddress);

/// <summary>POST /v1/password-reset: asks for a mail with a link. The answer is the same whether or not there is such an account.</summary>
public sealed record PasswordResetRequest(
    [property: Required(ErrorMessage = "Enter an e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address. Enter one like name@example.com."), MaxLength(254, ErrorMessage = "An e-mail address has at most 254 characters.")] string Email);

/// <summary>POST /v1/password-reset/confirm: sets a new password and ends every session.</summary>
/// <param name="Token">From the link in the mail; good for an hour and for one use.</param>
public sealed record ConfirmPasswordResetRequest(
    [property: Required(ErrorMessage = "Enter an e-mail address.")] string Email,
    [property: Required(ErrorMessage = "Take the token from the link in the mail.")] string Token,
    [property: Required(ErrorMessage = "Choose a password."), StringLength(128, MinimumLength = 10, ErrorMessage = "A password has 10 to 128 characters. Choose a longer one, for example a few words.")] string Password);
