using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Dialects.AddOns;

/// <summary>A form by which a platform sends one of its users to the page of a resource, with a token that only the platform can make.</summary>
/// <param name="IsProven">Whether the token is that of these fields.</param>
/// <param name="Person">Whom the token vouches for. A token that does not cover the person opens the resource for nobody in particular.</param>
sealed record SignOnForm(string ResourceId, string? Timestamp, Func<string, bool> IsProven, SignOnRequest Person);

/// <summary>Single sign-on of the add-on platforms. One per request.</summary>
sealed class AddOnSignOn(IntegrationLookup integrations, SignOn signOn, ControlPlaneDb db, TimeProvider clock)
{
    /// <returns>Where the browser goes; null where the token is not good, is too old, or the resource is gone: nobody learns which.</returns>
    internal async Task<Uri?> RunAsync(HttpContext http, Dialect dialect, string? key, SignOnForm form, TimeSpan freshFor, CancellationToken cancel)
    {
        if (!IsFresh(form.Timestamp, freshFor) || (key ?? await FindKeyAsync(dialect, form.ResourceId, cancel)) is not { } found)
            return null;
        if (await integrations.EnterAsync(dialect, found, http.Address(), cancel) is not { } caller)
            return null;
        if (integrations.OpenSecrets(caller.Integration).GetValueOrDefault(PlatformSecretNames.SingleSignOnSalt) is not { } salt || !form.IsProven(salt))
            return null;
        return await db.FindResourceAsync(caller, form.ResourceId, cancel) is { } resource ? await signOn.RunAsync(caller, resource, form.Person, cancel) : null;
    }

    bool IsFresh(string? timestamp, TimeSpan freshFor) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= freshFor;

    /// <summary>Where the address does not name the integration, the platform's id of the resource does, as long as one integration has it.</summary>
    async Task<string?> FindKeyAsync(Dialect dialect, string resourceId, CancellationToken cancel)
    {
        db.Scope.EnterFleet();
        var keys = await (
            from resource in db.ManagedResources.AsNoTracking()
            join integration in db.ResellerIntegrations.AsNoTracking() on resource.IntegrationId equals integration.Id
            where integration.Dialect == dialect && resource.ExternalId == resourceId && resource.EndedAt == null
            select integration.Key).Take(2).ToListAsync(cancel);
        db.Scope.Leave();
        return keys is [var only] ? only : null;
    }
}

/// <summary>Tokens as platforms make them: hashes of fields with a secret, in hexadecimal.</summary>
static class SignOnTokens
{
    internal static string Sha256(params ReadOnlySpan<string?> parts) => Convert.ToHexStringLower(SHA256.HashData(Join(parts)));

    internal static string Sha512(params ReadOnlySpan<string?> parts) => Convert.ToHexStringLower(SHA512.HashData(Join(parts)));

#pragma warning disable CA5350 // The platform's protocol says SHA-1; what it protects is the salt, which a collision does not reveal.
    internal static string Sha1(params ReadOnlySpan<string?> parts) => Convert.ToHexStringLower(SHA1.HashData(Join(parts)));
#pragma warning restore CA5350

    internal static string HmacSha256(string key, params ReadOnlySpan<string?> parts) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Join(parts)));

    /// <summary>In constant time.</summary>
    internal static bool AreSame(string expected, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(given.ToLowerInvariant()));

    static byte[] Join(ReadOnlySpan<string?> parts) => Encoding.UTF8.GetBytes(string.Join(':', parts.ToArray()));
}
