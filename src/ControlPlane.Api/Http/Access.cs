using ControlPlane.Core.Organizations;
using Microsoft.AspNetCore.Authorization;

namespace ControlPlane.Api.Http;

/// <summary>Who may make a call. Each endpoint says it; one that says nothing is closed to everybody.</summary>
/// <param name="Role">The lowest role that may; null for the operator and for everybody.</param>
/// <param name="Scope">What a token must have been given.</param>
sealed record Access(AccessKind Kind, Role? Role, string? Scope) : IAuthorizationRequirement;

enum AccessKind
{
    Public,
    Member,
    Operator,

    /// <summary>A member of an organization that is a reseller.</summary>
    Reseller,
}

static class AccessRules
{
    internal static RouteHandlerBuilder AllowEverybody(this RouteHandlerBuilder endpoint) =>
        endpoint.AllowAnonymous().WithMetadata(new Access(AccessKind.Public, null, null));

    internal static RouteHandlerBuilder AllowMember(this RouteHandlerBuilder endpoint, Role role, string scope) =>
        endpoint.Require(new Access(AccessKind.Member, role, scope));

    internal static RouteHandlerBuilder AllowOperator(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.Require(new Access(AccessKind.Operator, null, scope));

    internal static RouteHandlerBuilder AllowReseller(this RouteHandlerBuilder endpoint, Role role, string scope) =>
        endpoint.Require(new Access(AccessKind.Reseller, role, scope));

    static RouteHandlerBuilder Require(this RouteHandlerBuilder endpoint, Access access) =>
        endpoint.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(access)).WithMetadata(access);
}
