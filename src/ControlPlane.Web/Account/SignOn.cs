using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Web.Account;

/// <summary>GET /sign-on?ticket=…: the link by which somebody whom a reseller's platform knows enters, once and within two minutes.</summary>
static class SignOn
{
    public static void MapSignOn(this IEndpointRouteBuilder routes) => routes.MapGet("/sign-on", HandleAsync);

    static async Task<IResult> HandleAsync(string? ticket, HttpContext http, ControlPlaneDb db, SignInManager<User> signIn, UserManager<User> users, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(ticket))
            return Results.Redirect(PortalIdentity.SignInPath);
        var (hash, now) = (ApiToken.Hash(ticket), clock.GetUtcNow());
        // Used up in the one statement that looks: of two browsers with the same link, one enters.
        var used = await db.SignOnTickets.Where(t => t.SecretHash == hash && t.UsedAt == null && t.ExpiresAt > now).ExecuteUpdateAsync(set => set.SetProperty(t => t.UsedAt, now), cancel);
        if (used == 0 || await db.SignOnTickets.AsNoTracking().SingleAsync(t => t.SecretHash == hash, cancel) is not { } entered || await users.FindByIdAsync(entered.UserId.Value.ToString()) is not { } user)
            return Results.Redirect(PortalIdentity.SignInPath);
        await signIn.SignInAsync(user, isPersistent: false);
        ChosenOrganization.Remember(http, entered.OrganizationId.ToString());
        return Results.LocalRedirect($"~{LocalPath.Of(entered.Path) ?? "/"}");
    }
}
