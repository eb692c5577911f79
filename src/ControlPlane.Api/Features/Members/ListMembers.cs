using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Members;

/// <summary>GET /v1/members</summary>
static class ListMembers
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/members", HandleAsync)
        .Describe("Members", "list_members", "List the people of the organization")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<Page<MemberResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<MemberResource>>> HandleAsync([AsParameters] PageRequest page, ControlPlaneDb db, CancellationToken cancel)
    {
        var (members, next) = await db.Memberships.AsNoTracking().ReadPageAsync(m => m.UserId, page, cancel);
        var people = members.Select(m => m.UserId.Value).ToList();
        var emails = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Email!, cancel);
        return new Page<MemberResource>([.. members.Select(m => new MemberResource(m.UserId.ToString(), emails[m.UserId.Value], m.Role.ToText(), m.JoinedAt))], next);
    }
}
