using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Invitations;

/// <summary>POST /v1/invitations/accept</summary>
static class AcceptInvitation
{
    static readonly Problem PasswordWrong = new("password_wrong", 403, "There is an account with this e-mail address, and this is not its password. Give its password to join with it.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/invitations/accept", HandleAsync)
        .Describe("Accounts", "accept_invitation", "Accept an invitation", "Makes the account with a password of your choice, or takes the existing one by its password. Each invitation works once.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new AcceptInvitationRequest("the token of the link", "a few plain words"))
        .Answers<UserResource>(201)
        .Refuses([LookAtInvitation.LinkInvalid, PasswordWrong, .. NewAccount.Refusals]);

    static Task<Answer<UserResource>> HandleAsync(
        AcceptInvitationRequest request, UserManager<User> users, NewAccount accounts, HttpContext context, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) => db.InFleetAsync(async () =>
    {
        var hash = Invitation.Hash(request.Token);
        await db.Database.ExecuteSqlAsync($"SELECT FROM invitations WHERE secret_hash = {hash} FOR UPDATE", cancel);
        if (await db.FindInvitationAsync(request.Token, clock, cancel) is not { } invitation)
            return (Answer<UserResource>)LookAtInvitation.LinkInvalid;
        var (user, refusal) = await FindOrAddAsync(invitation.Email, request.Password, users, accounts);
        if (user is null)
            return refusal!;
        var now = clock.GetUtcNow();
        invitation.AcceptedAt = now;
        var (organization, person) = (invitation.OrganizationId, user.UserId);
        if (await db.Memberships.SingleOrDefaultAsync(m => m.OrganizationId == organization && m.UserId == person, cancel) is { } member)
            member.Role = member.Role > invitation.Role ? member.Role : invitation.Role;
        else
            db.Memberships.Add(new Membership { OrganizationId = organization, UserId = person, Role = invitation.Role, JoinedAt = now });
        db.Write(organization, new Actor(ActorKind.User, person.ToString(), user.Email!, context.Connection.RemoteIpAddress?.ToString()), "member.joined", person.ToString(), invitation.Role.ToText(), clock);
        return Answer.Created(NewAccount.ToResource(user), "/v1/me");
    }, cancel);

    static async Task<(User? User, Problem? Refusal)> FindOrAddAsync(string email, string password, UserManager<User> users, NewAccount accounts)
    {
        if (await users.FindByEmailAsync(email) is not { } user)
            return await accounts.AddUserAsync(email, password, isOperator: false);
        return await users.CheckPasswordAsync(user, password) ? (user, null) : (null, PasswordWrong);
    }
}
