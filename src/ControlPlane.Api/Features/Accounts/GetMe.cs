using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Accounts;

/// <summary>GET /v1/me</summary>
static class GetMe
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/me", HandleAsync)
        .Describe("Accounts", "get_me", "Who am I?", "The caller, the organization this call acts for, and those it could act for.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<MeResponse>(200);

    static async Task<Answer<MeResponse>> HandleAsync(Caller caller, ControlPlaneDb db, CancellationToken cancel)
    {
        var organization = caller.Organization;
        var isReseller = await db.Resellers.AnyAsync(r => r.OrganizationId == organization, cancel);
        var isParty = await db.OwnParties(organization).AnyAsync(cancel);
        var manager = (await db.ResellerCustomers.AsNoTracking().SingleOrDefaultAsync(c => c.OrganizationId == organization && c.EndedAt == null, cancel))?.ResellerId;
        var (name, label) = manager is { } reseller
            ? await db.ReadInFleetAsync(async () => (
                await db.Resellers.Where(r => r.Id == reseller).Select(r => r.Name).SingleAsync(cancel), await db.WhiteLabels.AsNoTracking().SingleOrDefaultAsync(l => l.ResellerId == reseller, cancel)))
            : (null, null);
        return new MeResponse(
            new UserResource(caller.User.ToString(), caller.Person.Email, caller.Person.CreatedAt),
            caller.Membership.ToResource(),
            caller.Role.ToText(),
            caller.Person.IsOperator,
            [.. Reachable(caller).Select(m => new MembershipResource(m.ToResource(), m.Role.ToText()))],
            isReseller, name, label?.ToBrand(), isParty);
    }

    /// <summary>A token acts for its own organization alone, and learns of no other.</summary>
    static IEnumerable<PersonMembership> Reachable(Caller caller) => caller.Token is null ? caller.Person.Memberships : [caller.Membership];
}
