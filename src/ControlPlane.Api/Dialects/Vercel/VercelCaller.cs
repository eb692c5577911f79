using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ControlPlane.Api.Dialects.Vercel;

/// <summary>What a token of Vercel's says.</summary>
/// <param name="User">Null where Vercel itself calls.</param>
sealed record VercelClaims(string? Installation, string? User, string? UserName, string? UserRole);

/// <summary>Knows Vercel by the tokens that it signs. One per request.</summary>
sealed class VercelCaller(IntegrationLookup integrations, PlatformKeys keys)
{
    /// <returns>Null where the token is not one of Vercel's for an integration of ours.</returns>
    internal async Task<(ResellerCaller Caller, VercelClaims Claims)?> FindAsync(HttpContext http, string token, CancellationToken cancel)
    {
        // The audience is our client id, and finds the integration; whether the token is genuine is seen after that.
        if (PlatformKeys.AudienceOf(token) is not { Length: > 0 } audience || await integrations.EnterAsync(Dialect.Vercel, audience, http.Address(), cancel) is not { } caller)
            return null;
        var settings = PlatformSettings.Of(caller.Integration);
        return await keys.ValidateAsync(token, settings.KeysAddress ?? VercelApi.PublicKeys, settings.KeySet, VercelApi.Issuer, audience, cancel) is { } proven
            ? (caller, new VercelClaims(Claim(proven, "installation_id"), Claim(proven, "user_id"), Claim(proven, "user_name") ?? Claim(proven, "user_email"), Claim(proven, "user_role")))
            : null;
    }

    static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}

/// <summary>Lets in who shows such a token, for the installation that it names and no other; the way is 403 for everybody else.</summary>
sealed class VercelGate : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return VercelAnswers.Refuse(403, "forbidden", "Send Vercel's token.");
        try
        {
            if (await http.RequestServices.GetRequiredService<VercelCaller>().FindAsync(http, header["Bearer ".Length..].Trim(), http.RequestAborted) is not var (caller, claims))
                return VercelAnswers.Refuse(403, "forbidden", "This token is not valid here.");
            if (http.GetRouteValue("iid") is string installation && claims.Installation != installation)
                return VercelAnswers.Refuse(403, "forbidden", "This token is for another installation.");
            http.Recognize(caller);
            return await next(context);
        }
        catch (Exception error) when (error is PlatformAwayException or PlatformRefusedException)
        {
            return VercelAnswers.Refuse(503, "unavailable", "Vercel's keys cannot be read at the moment.");
        }
    }
}
