using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.AspNetCore.DataProtection;

namespace ControlPlane.Api.Dialects.Fly;

/// <summary>GET /fly/{key}/extensions/{id}/sso and /fly/{key}/callback: a browser goes to Fly.io to say who it is, and comes back with a code.</summary>
static class FlySignOn
{
    const string CookieName = "faktory-fly";
    static readonly TimeSpan LivesFor = TimeSpan.FromMinutes(10);

    /// <param name="Nonce">Also in a cookie: a code is taken only from the browser that went for it.</param>
    sealed record State(string Key, string Id, string Nonce, DateTimeOffset ExpiresAt);

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapDialect("/fly/{key}", Dialect.Fly, "OAuth at Fly.io");
        group.MapGet("/extensions/{id}/sso", BeginAsync);
        group.MapGet("/callback", EndAsync);
    }

    static async Task<IResult> BeginAsync(HttpContext http, string key, string id, IntegrationLookup integrations, IDataProtectionProvider keys, TimeProvider clock, CancellationToken cancel)
    {
        if (await integrations.EnterAsync(Dialect.Fly, key, http.Address(), cancel) is not { } by)
            return Refuse();
        var state = new State(key, id, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), clock.GetUtcNow() + LivesFor);
        http.Response.Cookies.Append(CookieName, state.Nonce, new CookieOptions { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/fly", MaxAge = LivesFor });
        return Results.Redirect(FlyApi.AuthorizeAddress(PlatformSettings.Of(by.Integration), key, Callback(http, key), Protector(keys).Protect(JsonSerializer.Serialize(state))).AbsoluteUri);
    }

    static async Task<IResult> EndAsync(
        HttpContext http, string key, string? code, string? state, IntegrationLookup integrations, FlyApi api, SignOn signOn, IDataProtectionProvider keys, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(code) || TryOpen(keys, state) is not { } opened || opened.Key != key || opened.ExpiresAt < clock.GetUtcNow() || !AddOns.SignOnTokens.AreSame(opened.Nonce.ToLowerInvariant(), http.Request.Cookies[CookieName]))
            return Refuse();
        http.Response.Cookies.Delete(CookieName, new CookieOptions { Path = "/fly" });
        if (await integrations.EnterAsync(Dialect.Fly, key, http.Address(), cancel) is not { } by)
            return Refuse();
        try
        {
            var secret = integrations.OpenSecrets(by.Integration).GetValueOrDefault(PlatformSecretNames.ClientSecret) ?? "";
            var person = await api.IdentifyAsync(PlatformSettings.Of(by.Integration), key, secret, code, Callback(http, key), cancel);
            if (await db.FindResourceAsync(by, opened.Id, cancel) is not { } resource || await db.FindRecordAsync(by, PlatformRecordKinds.Extension, opened.Id, cancel) is not { } record
                || !person.Organizations.TryGetValue(record.Read<FlyExtension>().OrganizationId, out var role))
                return Refuse();
            var request = new SignOnRequest(person.UserId, person.Email ?? person.UserId, role == "admin" ? Role.Admin : Role.Developer);
            return await signOn.RunAsync(by, resource, request, cancel) is { } address ? Results.Redirect(address.AbsoluteUri) : Refuse();
        }
        catch (PlatformRefusedException)
        {
            return Refuse();
        }
        catch (PlatformAwayException)
        {
            return Results.Text("Fly.io does not answer at the moment. Try again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    static Uri Callback(HttpContext http, string key) => new($"{http.Request.Scheme}://{http.Request.Host}/fly/{Uri.EscapeDataString(key)}/callback");

    static State? TryOpen(IDataProtectionProvider keys, string? state)
    {
        try
        {
            return state is null ? null : JsonSerializer.Deserialize<State>(Protector(keys).Unprotect(state));
        }
        catch (CryptographicException)
        {
            return null; // Not sealed by our key ring.
        }
    }

    static IDataProtector Protector(IDataProtectionProvider keys) => keys.CreateProtector("fly-sign-on");

    static IResult Refuse() => Results.Text("This link is not valid any more, or you are not in the organization of this extension at Fly.io.", statusCode: StatusCodes.Status403Forbidden);
}
