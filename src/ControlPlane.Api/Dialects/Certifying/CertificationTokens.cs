using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Api.Dialects.Certifying;

/// <summary>Tokens as Vercel signs them, with a key of one certification's own, which its twin trusts and nobody else does.</summary>
sealed class CertificationTokens(TimeProvider clock) : IDisposable
{
    const string KeyId = "certification";
    static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(2);
    readonly RSA key = RSA.Create(2048);

    /// <summary>RFC 7517: the public half.</summary>
    internal string KeySet
    {
        get
        {
            var half = key.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new { keys = (object[])[new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64UrlEncoder.Encode(half.Modulus), e = Base64UrlEncoder.Encode(half.Exponent) }] });
        }
    }

    internal string Sign(string audience, string installation)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = VercelApi.Issuer,
            Audience = audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + ValidFor,
            Claims = new Dictionary<string, object> { ["sub"] = "account:certification", ["account_id"] = "team_certification", ["installation_id"] = installation, ["user_id"] = "user_certification", ["user_role"] = "ADMIN" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        });
    }

    public void Dispose() => key.Dispose();
}
