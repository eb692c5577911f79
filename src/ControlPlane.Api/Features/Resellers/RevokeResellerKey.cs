using ControlPlane.Api.Http;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>DELETE /v1/reseller/keys/{id}</summary>
static class RevokeResellerKey
{
    static readonly Problem NotFound = new("token_not_found", 404, "There is no token with this id that you may revoke.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/reseller/keys/{id}", HandleAsync)
        .Describe("Resellers", "revoke_reseller_key", "Revoke a key", "It stops working at once. Revoking it again changes nothing.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .AnswersNothing()
        .Refuses(NotFound);

    static async Task<Answer<object>> HandleAsync(string id, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var staff = caller.Organization;
        if (!TokenId.TryParse(id, out var key)
            || await db.ApiTokens.SingleOrDefaultAsync(t => t.Id == key && t.OrganizationId == staff && (t.Scopes.Contains(TokenScopes.ResellerRead) || t.Scopes.Contains(TokenScopes.ResellerWrite)), cancel) is not { } token)
            return NotFound;
        if (token.RevokedAt is null)
        {
            token.RevokedAt = clock.GetUtcNow();
            db.Write(staff, caller.Actor, "reseller.key_revoked", token.Id.ToString(), $"name {token.Name}", clock);
        }
        return Answer.NoContent<object>();
    }
}
