using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Identity;

namespace ControlPlane.Api.Features.Accounts;

/// <summary>POST /v1/password-reset/confirm</summary>
static class ConfirmPasswordReset
{
    static readonly Problem LinkInvalid = new("reset_link_invalid", 400, "This link is not valid, was used already, or is older than an hour. Ask for a new one.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/password-reset/confirm", HandleAsync)
        .Describe("Accounts", "confirm_password_reset", "Choose a new password", "Takes the token from the mail. Every session at the portal ends; tokens go on working.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new ConfirmPasswordResetRequest("ada@example.com", "CfDJ8…", "other plain words"))
        .AnswersNothing()
        .Refuses(LinkInvalid, NewAccount.PasswordInvalid, NewAccount.PasswordTooCommon);

    static async Task<Answer<object>> HandleAsync(ConfirmPasswordResetRequest request, UserManager<User> users, HttpContext context, ControlPlaneDb db, TimeProvider clock)
    {
        if (await users.FindByEmailAsync(request.Email) is not { } user)
            return LinkInvalid;
        var result = await users.ResetPasswordAsync(user, request.Token, request.Password);
        if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.InvalidToken)))
            return LinkInvalid;
        if (!result.Succeeded)
            return NewAccount.Refuse(result);
        await users.ResetAccessFailedCountAsync(user);
        await users.SetLockoutEndDateAsync(user, null);
        db.Write(null, new Actor(ActorKind.User, user.UserId.ToString(), user.Email!, context.Connection.RemoteIpAddress?.ToString()), "user.password_reset", user.UserId.ToString(), null, clock);
        return Answer.NoContent<object>();
    }
}
