using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Mails;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Accounts;

/// <summary>
/// POST /v1/password-reset. A stranger learns nothing: with or without an account the answer is the same, and a mail goes out, which
/// tells the owner of the address which of the two it is.
/// </summary>
static class RequestPasswordReset
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/password-reset", HandleAsync)
        .Describe("Accounts", "request_password_reset", "Ask for a new password", "Sends a mail with a link that works for an hour. The answer is the same whether or not there is an account.")
        .AllowEverybody()
        .WithMetadata(new SensitiveCall())
        .Example(new PasswordResetRequest("ada@example.com"))
        .AnswersNothing();

    static async Task<Answer<object>> HandleAsync(
        PasswordResetRequest request, UserManager<User> users, RequestLimits limits, IOptions<RateLimitOptions> rates, IOptions<ApiOptions> options, HttpContext context, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var perAddress = new RequestLimit("password-mails", rates.Value.PasswordMailsPerHour, TimeSpan.FromHours(1));
        if (!limits.Count(perAddress, users.NormalizeEmail(request.Email)!).IsAllowed)
            return Answer.NoContent<object>();

        var user = await users.FindByEmailAsync(request.Email);
        var brand = user is null ? MailBrand.Own : await db.InFleetAsync(() => db.ReadMailBrandAsync(user.UserId, cancel), cancel);
        var body = user is null ? NoAccount : Link(brand, options.Value.PortalAddress, request.Email, await users.GeneratePasswordResetTokenAsync(user));
        db.Mails.Add(brand.Write(request.Email, "Your new password", body, "Choose a new password", clock, clock.GetUtcNow()));
        if (user is not null)
            db.Write(null, new Actor(ActorKind.User, user.UserId.ToString(), user.Email!, context.Connection.RemoteIpAddress?.ToString()), "user.password_reset_requested", user.UserId.ToString(), null, clock);
        return Answer.NoContent<object>();
    }

    const string NoAccount = "Somebody, perhaps you, asked for a new password with this e-mail address. There is no account with it. If it was not you, there is nothing to do.";

    // Never to the reseller's domain, whose name servers are the reseller's: whoever reads the token there would have the owner's account.
    static string Link(MailBrand brand, Uri portal, string email, string token) => string.Create(CultureInfo.InvariantCulture, $"""
        Somebody, perhaps you, asked for a new password for your account at {brand.Name}. Choose one here within an hour:

        {new Uri(portal, $"reset-password?email={Uri.EscapeDataString(email)}&token={Uri.EscapeDataString(token)}")}

        If it was not you, there is nothing to do: the old password goes on working.
        """);
}
