using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Tokens;

/// <summary>POST /v1/tokens</summary>
static class CreateToken
{
    const int TokensMax = 100;
    const int DaysDefault = 365;

    static readonly Problem ScopesInvalid = new("invalid_scopes", 400, "Scopes are any of read, write, credentials, billing:read, billing:write, payout:approve, reseller:read and reseller:write.");
    static readonly Problem ScopesExceed = new("scopes_exceed_token", 403, "A token cannot create one that may do more than itself. Name the scopes, or use the portal.");
    static readonly Problem TooMany = new("token_quota_reached", 409, "Your organization has 100 tokens that work. Revoke one that is no longer needed.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/tokens", HandleAsync)
        .Describe("Tokens", "create_token", "Create a token", "Its secret is shown in this answer and never again. It never may do more than the person who made it.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new CreateTokenRequest("deploy", ["read", "credentials"], 90))
        .Answers<CreatedTokenResponse>(201)
        .Refuses(ScopesInvalid, ScopesExceed, TooMany);

    static async Task<Answer<CreatedTokenResponse>> HandleAsync(CreateTokenRequest request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var scopes = (request.Scopes ?? []).Distinct().ToList();
        if (scopes.Except(TokenScopes.All).Any())
            return ScopesInvalid;
        if (!(scopes is [] ? TokenScopes.All : scopes).All(caller.HasScope))
            return ScopesExceed;
        await db.Database.ExecuteSqlAsync($"SELECT FROM organizations WHERE id = {caller.Organization.Value} FOR UPDATE", cancel);
        var now = clock.GetUtcNow();
        if (await db.ApiTokens.CountAsync(t => t.RevokedAt == null && t.ExpiresAt > now, cancel) >= TokensMax)
            return TooMany;

        var (token, secret) = ApiToken.Create(caller.Organization, caller.User, request.Name.Trim(), scopes, TimeSpan.FromDays(request.ExpiresInDays ?? DaysDefault), clock);
        db.ApiTokens.Add(token);
        db.Write(caller.Organization, caller.Actor, "token.created", token.Id.ToString(), $"name {token.Name}, scopes {(scopes is [] ? "all" : string.Join(' ', scopes))}", clock);
        return Answer.Created(new CreatedTokenResponse(token.ToResource(), secret), "/v1/tokens");
    }
}
