using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Operator;

/// <summary>POST /v1/operator/claim</summary>
static class ClaimOperator
{
    const string OrganizationName = "Operator";

    static readonly Problem ClaimInvalid = new("operator_link_invalid", 403, "This link is not valid, has expired, or was used already.");
    static readonly Problem PasswordWrong = new("password_wrong", 403, "There is an account with this e-mail address, and this is not its password. Give its password to make it the operator's.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/claim", HandleAsync)
        .Describe("Operator", "claim_operator", "Become the operator", "With the token of the one-time link that the first run prints. Creates the account, or takes the existing one by its password.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new ClaimOperatorRequest("the token of the link", "ada@example.com", "a few plain words"))
        .Answers<UserResource>(201)
        .Refuses([ClaimInvalid, PasswordWrong, .. NewAccount.Refusals]);

    static async Task<Answer<UserResource>> HandleAsync(
        ClaimOperatorRequest request, UserManager<User> users, NewAccount accounts, HttpContext context, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var hash = ApiToken.Hash(request.Token);
        await db.Database.ExecuteSqlAsync($"SELECT FROM operator_claims WHERE token_hash = {hash} FOR UPDATE", cancel);
        if (await db.OperatorClaims.SingleOrDefaultAsync(c => c.TokenHash == hash, cancel) is not { UsedAt: null } claim || claim.ExpiresAt <= clock.GetUtcNow())
            return ClaimInvalid;

        var (user, refusal) = await FindOrAddAsync(request, users, accounts);
        if (user is null)
            return refusal!;
        claim.UsedAt = clock.GetUtcNow();
        var ipAddress = context.Connection.RemoteIpAddress?.ToString();
        db.Write(null, new Actor(ActorKind.User, user.UserId.ToString(), user.Email!, ipAddress), "operator.claimed", user.UserId.ToString(), null, clock);
        // The portal acts for an organization, the operator's calls included.
        if (!await db.Database.SqlQuery<Guid>($"SELECT organization_id AS \"Value\" FROM memberships_of({user.Id})").AnyAsync(cancel))
            await accounts.AddOrganizationAsync(user, OrganizationName, ipAddress, cancel);
        return Answer.Created(NewAccount.ToResource(user), "/v1/me");
    }

    static async Task<(User? User, Problem? Refusal)> FindOrAddAsync(ClaimOperatorRequest request, UserManager<User> users, NewAccount accounts)
    {
        if (await users.FindByEmailAsync(request.Email) is not { } user)
            return await accounts.AddUserAsync(request.Email, request.Password, isOperator: true);
        if (!await users.CheckPasswordAsync(user, request.Password))
            return (null, PasswordWrong);
        user.IsOperator = true;
        return (user, null);
    }
}
