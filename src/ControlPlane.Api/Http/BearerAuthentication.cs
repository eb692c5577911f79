using System.Security.Claims;
using System.Text.Encodings.Web;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Http;

/// <summary>
/// <c>Authorization: Bearer</c> with a token of an organization (<c>fct_…</c>) or a ticket of the portal (<c>fcp_…</c>), and optionally
/// <c>Faktory-Organization: org_…</c>. Who is recognized has entered the organization: the database shows its rows and no others.
/// </summary>
sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallerLookup people, CallerSlot slot,
    ControlPlaneDb db, IDataProtectionProvider keys, TimeProvider clock) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal const string SchemeName = "bearer";
    internal const string OrganizationHeader = "Faktory-Organization";
    static readonly TimeSpan LastUsedKeptWithin = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var bearer = header["Bearer ".Length..].Trim();
        var (caller, refusal) = bearer.StartsWith(PortalTicket.Prefix, StringComparison.Ordinal) ? await ByTicketAsync(bearer) : await ByTokenAsync(bearer);
        if (caller is null)
        {
            slot.Refusal = refusal;
            return AuthenticateResult.Fail(refusal!.Code);
        }
        slot.Caller = caller;
        db.Scope.EnterOrganization(caller.Organization);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.User.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    async Task<(Caller?, Problem?)> ByTokenAsync(string secret)
    {
        if (!secret.StartsWith(ApiToken.SecretPrefix, StringComparison.Ordinal) || await people.FindByTokenAsync(secret, Context.RequestAborted) is not var (token, person))
            return (null, Problems.TokenInvalid);
        if (token.RevokedAt is not null)
            return (null, Problems.TokenRevoked);
        if (token.ExpiresAt <= clock.GetUtcNow())
            return (null, Problems.TokenExpired);
        // Whoever made the token has left: it may do what that person may do, which is nothing.
        if (Choose(person, token.Organization) is not { } membership)
            return (null, Problems.TokenInvalid);
        if (WantedOrganization(out var wanted) && wanted != token.Organization)
            return (null, Problems.NotAMember);
        await RememberUseAsync(token);
        return (new Caller(person, membership, token.Scopes is [] ? null : token.Scopes, token.Id, token.Name, IpAddress), null);
    }

    async Task<(Caller?, Problem?)> ByTicketAsync(string text)
    {
        if (PortalTicket.TryRead(keys, text, clock) is not { } ticket
            || await people.FindByUserAsync(ticket.User, Context.RequestAborted) is not { } person
            || person.SecurityStamp != ticket.SecurityStamp)
            return (null, Problems.SessionEnded);
        OrganizationId? chosen = WantedOrganization(out var wanted) ? wanted : ticket.Organization is { } organization ? new(organization) : null;
        var membership = chosen is { } one ? Choose(person, one) : person.Memberships is [var first, ..] ? first : null;
        return membership is null ? (null, Problems.NotAMember) : (new Caller(person, membership, null, null, null, IpAddress), null);
    }

    string? IpAddress => Context.Connection.RemoteIpAddress?.ToString();

    static PersonMembership? Choose(Person person, OrganizationId organization) => person.Memberships.FirstOrDefault(m => m.Organization == organization);

    /// <summary>True when the header is there; an id that is none names an organization that nobody is a member of.</summary>
    bool WantedOrganization(out OrganizationId organization)
    {
        var header = Request.Headers[OrganizationHeader].ToString();
        organization = OrganizationId.TryParse(header, out var parsed) ? parsed : default;
        return header.Length > 0;
    }

    async Task RememberUseAsync(CallerLookup.Token token)
    {
        var now = clock.GetUtcNow();
        if (now - token.LastUsedAt < LastUsedKeptWithin)
            return;
        db.Scope.EnterOrganization(token.Organization);
        await db.ApiTokens.Where(t => t.Id == token.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), Context.RequestAborted);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var problem = slot.Refusal ?? Problems.Unauthenticated;
        if (problem.Status == StatusCodes.Status401Unauthorized)
            Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemAnswers.WriteAsync(Context, problem);
    }
}
