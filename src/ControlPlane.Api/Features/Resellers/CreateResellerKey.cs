using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Resellers;

/// <summary>POST /v1/reseller/keys</summary>
static class CreateResellerKey
{
    const int KeysMax = 100;
    const int DaysDefault = 365;
    internal static readonly string[] Allowed = [TokenScopes.ResellerRead, TokenScopes.ResellerWrite, TokenScopes.Credentials, TokenScopes.BillingRead];

    static readonly Problem ScopesInvalid = new("invalid_scopes", 400, "Scopes of a reseller's key are any of reseller:read, reseller:write, credentials and billing:read.");
    static readonly Problem ScopesExceed = new("scopes_exceed_token", 403, "A key cannot create one that may do more than itself, or leave the sandbox.");
    static readonly Problem TooMany = new("token_quota_reached", 409, "Your organization has 100 tokens that work. Revoke one that is no longer needed.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/reseller/keys", HandleAsync)
        .Describe("Resellers", "create_reseller_key", "Create a key", "For your programs; it reaches your customers and nothing of your own organization. Its secret is shown in this answer and never again.")
        .AllowReseller(Role.Admin, TokenScopes.ResellerWrite)
        .Example(new CreateResellerKeyRequest("provisioning", [TokenScopes.ResellerRead, TokenScopes.ResellerWrite, TokenScopes.Credentials]))
        .Answers<CreatedTokenResponse>(201)
        .Refuses(ScopesInvalid, ScopesExceed, TooMany);

    static async Task<Answer<CreatedTokenResponse>> HandleAsync(CreateResellerKeyRequest request, Caller caller, ResellerCaller by, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var scopes = (request.Scopes is { Count: > 0 } given ? given : [TokenScopes.ResellerRead]).Distinct().ToList();
        if (scopes.Except(Allowed).Any())
            return ScopesInvalid;
        if (!scopes.All(caller.HasScope) || (by.Integration.IsSandbox && !request.IsSandbox))
            return ScopesExceed;
        await db.Database.ExecuteSqlAsync($"SELECT FROM organizations WHERE id = {caller.Organization.Value} FOR UPDATE", cancel);
        var now = clock.GetUtcNow();
        if (await db.ApiTokens.CountAsync(t => t.RevokedAt == null && t.ExpiresAt > now, cancel) >= KeysMax)
            return TooMany;
        if (request.IsSandbox)
            scopes.Add(TokenScopes.ResellerSandbox);
        var (token, secret) = ApiToken.Create(caller.Organization, caller.User, request.Name.Trim(), scopes, TimeSpan.FromDays(request.ExpiresInDays ?? DaysDefault), clock);
        db.ApiTokens.Add(token);
        db.Write(caller.Organization, caller.Actor, "reseller.key_created", token.Id.ToString(), $"name {token.Name}, scopes {string.Join(' ', scopes)}", clock);
        return Answer.Created(new CreatedTokenResponse(token.ToResource(), secret), "/v1/reseller/keys");
    }
}
