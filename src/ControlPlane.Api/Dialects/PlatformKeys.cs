using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Api.Dialects;

/// <summary>
/// The keys by which platforms sign their tokens (JSON Web Key Sets), kept for an hour. A token with a key that is not among them has them read again, at most once
/// a minute. Safe for any number of callers.
/// </summary>
sealed class PlatformKeys(PlatformHttp http, TimeProvider clock)
{
    static readonly TimeSpan KeptFor = TimeSpan.FromHours(1), ReadAgainAfter = TimeSpan.FromMinutes(1), Skew = TimeSpan.FromSeconds(30);
    static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];
    readonly ConcurrentDictionary<Uri, (JsonWebKeySet Keys, DateTimeOffset ReadAt)> known = new();

    /// <param name="keySet">The keys, where they are known and not to be read anywhere.</param>
    /// <returns>Null where the token is not the issuer's for this audience, or has expired.</returns>
    /// <exception cref="PlatformAwayException">The keys could not be read.</exception>
    internal async Task<JsonWebToken?> ValidateAsync(string token, Uri keysAddress, string? keySet, string issuer, string audience, CancellationToken cancel)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        if (!handler.CanReadToken(token) || TryRead(handler, token) is not { } unproven)
            return null;
        var result = await handler.ValidateTokenAsync(unproven, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = audience,
            IssuerSigningKeys = (keySet is null ? await ReadKeysAsync(keysAddress, unproven.Kid, cancel) : new JsonWebKeySet(keySet)).GetSigningKeys(),
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) => clock.GetUtcNow().UtcDateTime is var now && expires > now - Skew && (notBefore is null || notBefore < now + Skew),
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    /// <summary>Whom the token says that it is for, before anything is proven.</summary>
    internal static string? AudienceOf(string token) => new JsonWebTokenHandler() is var handler && handler.CanReadToken(token) ? TryRead(handler, token)?.Audiences.FirstOrDefault() : null;

    static JsonWebToken? TryRead(JsonWebTokenHandler handler, string token)
    {
        try
        {
            return handler.ReadJsonWebToken(token);
        }
        catch (ArgumentException)
        {
            return null; // Three parts that are not what they should be.
        }
    }

    async Task<JsonWebKeySet> ReadKeysAsync(Uri address, string? keyId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(address, out var kept) && now - kept.ReadAt < KeptFor && (now - kept.ReadAt < ReadAgainAfter || kept.Keys.Keys.Any(k => k.Kid == keyId)))
            return kept.Keys;
        var answer = await http.SendAsync(HttpMethod.Get, address, null, null, cancel);
        var keys = answer.ValueKind == JsonValueKind.Object ? new JsonWebKeySet(answer.GetRawText()) : new JsonWebKeySet();
        known[address] = (keys, now);
        return keys;
    }
}
