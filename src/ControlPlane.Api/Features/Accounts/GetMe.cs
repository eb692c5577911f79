using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Accounts;

/// <summary>GET /v1/me</summary>
static class GetMe
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/me", Handle)
        .Describe("Accounts", "get_me", "Who am I?", "The caller, the organization this call acts for, and those it could act for.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<MeResponse>(200);

    static Answer<MeResponse> Handle(Caller caller) => new MeResponse(
        new UserResource(caller.User.ToString(), caller.Person.Email, caller.Person.CreatedAt),
        caller.Membership.ToResource(),
        caller.Role.ToText(),
        caller.Person.IsOperator,
        [.. Reachable(caller).Select(m => new MembershipResource(m.ToResource(), m.Role.ToText()))]);

    /// <summary>A token acts for its own organization alone, and learns of no other.</summary>
    static IEnumerable<PersonMembership> Reachable(Caller caller) => caller.Token is null ? caller.Person.Memberships : [caller.Membership];
}
