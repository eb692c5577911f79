using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Tokens;

/// <summary>DELETE /v1/tokens/{id}</summary>
static class RevokeToken
{
    static readonly Problem NotFound = new("token_not_found", 404, "There is no token with this id that you may revoke.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/tokens/{id}", HandleAsync)
        .Describe("Tokens", "revoke_token", "Revoke a token", "It stops working at once. Revoking it again changes nothing.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .AnswersNothing()
        .Refuses(NotFound);

    static async Task<Answer<object>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (!TokenId.TryParse(id, out var tokenId)
            || await db.ApiTokens.SingleOrDefaultAsync(t => t.Id == tokenId, cancel) is not { } token
            || (caller.Role < Role.Admin && token.UserId != caller.User))
            return NotFound;
        if (token.RevokedAt is null)
        {
            token.RevokedAt = clock.GetUtcNow();
            db.Write(caller.Organization, caller.Actor, "token.revoked", token.Id.ToString(), $"name {token.Name}", clock);
        }
        return Answer.NoContent<object>();
    }
}
