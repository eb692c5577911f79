using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>GET /vercel/sso/{key}: a browser with a code, which is traded for the person's token.</summary>
static class VercelSignOn
{
    internal static void Map(IEndpointRouteBuilder app) => app.MapDialect("/vercel/sso", Dialect.Vercel, "a code that is traded for a token").MapGet("/{key}", HandleAsync);

    static async Task<IResult> HandleAsync(
        HttpContext http, string key, string? code, string? state, string? resource_id, IntegrationLookup integrations, VercelApi api, VercelCaller callers, VercelWork work, SignOn signOn, ControlPlaneDb db, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(code) || await integrations.EnterAsync(Dialect.Vercel, key, http.Address(), cancel) is not { } integration)
            return Refuse();
        try
        {
            var secret = integrations.OpenSecrets(integration.Integration).GetValueOrDefault(PlatformSecretNames.ClientSecret) ?? "";
            var token = await api.ExchangeAsync(PlatformSettings.Of(integration.Integration), key, secret, code, state, cancel);
            if (await callers.FindAsync(http, token, cancel) is not var (by, claims) || claims is not { Installation: { } installation, User: { Length: > 0 } user })
                return Refuse();
            var rid = resource_id ?? (await db.ReadResourcesAsync(by, installation, cancel)).OrderByDescending(r => r.CreatedAt).Select(r => r.ExternalId).FirstOrDefault();
            if (rid is null || await work.FindAsync(by, installation, rid, cancel) is not var (_, resource))
                return Refuse();
            var person = new SignOnRequest(user, claims.UserName ?? user, VercelPeople.RoleOf(claims.UserRole));
            return await signOn.RunAsync(by, resource, person, cancel) is { } address ? Results.Redirect(address.AbsoluteUri) : Refuse();
        }
        catch (PlatformRefusedException)
        {
            return Refuse();
        }
        catch (PlatformAwayException)
        {
            return Results.Text("Vercel does not answer at the moment. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    static IResult Refuse() => Results.Text("This link is not valid any more. Open the resource from Vercel's dashboard again.", statusCode: StatusCodes.Status403Forbidden);
}
