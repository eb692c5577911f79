using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Tokens;

/// <summary>GET /v1/tokens</summary>
static class ListTokens
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/tokens", HandleAsync)
        .Describe("Tokens", "list_tokens", "List tokens", "One's own; owners and admins see all of the organization.")
        .AllowMember(Role.Developer, TokenScopes.Read)
        .Answers<Page<TokenResource>>(200)
        .Refuses(Problems.CursorInvalid, Problems.LimitInvalid);

    static async Task<Answer<Page<TokenResource>>> HandleAsync([AsParameters] PageRequest page, Caller caller, ControlPlaneDb db, CancellationToken cancel)
    {
        IQueryable<ApiToken> tokens = db.ApiTokens.AsNoTracking();
        if (caller.Role < Role.Admin)
            tokens = tokens.Where(t => t.UserId == caller.User);
        return (await tokens.ReadPageAsync(t => t.Id, page, cancel)).Select(TokenResources.ToResource);
    }
}
