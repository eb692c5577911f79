using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ControlPlane.Tests.Dialects.Doubles;

/// <summary>api.vercel.com and marketplace.vercel.com: keys, tokens, and what partners tell it.</summary>
sealed class VercelDouble : PlatformDouble
{
    internal const string Installation = "icfg_1", AccessToken = "an-installation-token", Code = "a-code";
    readonly RSA rsa = RSA.Create(2048);
    readonly HashSet<string> refunded = [];

    /// <summary>What the next exchange of a code gives.</summary>
    internal string IdToken { get; set; } = "";

    internal Uri Keys => new(Address, "/.well-known/jwks");

    internal string Sign(TimeProvider clock, string? installation = Installation, string audience = DialectWorld.Key, string issuer = "https://marketplace.vercel.com", string? user = null, string role = "ADMIN", TimeSpan? age = null, RSA? by = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "account:1:user:2", ["account_id"] = "team_1", ["installation_id"] = installation!, ["user_role"] = role };
        if (user is not null)
            (claims["user_id"], claims["user_name"]) = (user, "Ann");
        var at = clock.GetUtcNow().UtcDateTime - (age ?? TimeSpan.Zero);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = at,
            NotBefore = at,
            Expires = at.AddMinutes(10),
            Claims = claims,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(by ?? rsa) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    protected override (int Status, object? Body) Answer(Heard request)
    {
        if (request.Call == "GET /.well-known/jwks")
            return (200, KeySet());
        if (request.Call == "POST /v1/integrations/sso/token")
            return request.Json["client_id"]?.GetValue<string>() == DialectWorld.Key && request.Json["client_secret"]?.GetValue<string>() == DialectWorld.ClientSecret && request.Json["code"]?.GetValue<string>() == Code
                ? (200, new { id_token = IdToken })
                : (403, "Bad code.");
        if (request.Authorization != $"Bearer {AccessToken}")
            return (403, "Bad token.");
        var prefix = $"/v1/installations/{Installation}";
        if (!request.Path.StartsWith(prefix, StringComparison.Ordinal))
            return (404, "No such installation.");
        return (request.Method, request.Path[prefix.Length..]) switch
        {
            ("POST", "/billing") => Has(request, "timestamp", "eod", "period", "billing", "usage") ? (201, new { }) : (400, "Bad billing."),
            ("POST", "/billing/invoices") => Has(request, "externalId", "invoiceDate", "period", "items") ? (200, new { invoiceId = $"vi_{request.Json.Text("externalId")}" }) : (400, "Bad invoice."),
            ("GET", var path) when path.StartsWith("/billing/invoices/vi_", StringComparison.Ordinal) => (200, new { state = refunded.Contains(path) ? "refund_requested" : "paid" }),
            ("POST", var path) when path.StartsWith("/billing/invoices/vi_", StringComparison.Ordinal) && path.EndsWith("/actions", StringComparison.Ordinal) => Refund(request, path[..^"/actions".Length]),
            ("POST", "/billing/balance") => Has(request, "timestamp", "balances") ? (201, new { }) : (400, "Bad balance."),
            ("POST", "/billing/finalize") => (204, null),
            ("POST", "/events") => request.Json["event"]?["type"]?.GetValue<string>() == "resource.updated" ? (201, null) : (400, "Bad event."),
            ("PUT", var path) when path.StartsWith("/resources/res-", StringComparison.Ordinal) && path.EndsWith("/secrets", StringComparison.Ordinal) =>
                request.Json["secrets"] is JsonArray { Count: > 0 } secrets && secrets.All(s => s!["name"] is not null && s["value"] is not null) ? (201, null) : (400, "Bad secrets."),
            _ => (404, "No such call."),
        };
    }

    /// <summary>And once the answer is lost: it was heard, and we are none the wiser.</summary>
    (int, object?) Refund(Heard request, string invoice)
    {
        if (request.Json["action"]?.GetValue<string>() != "refund" || !Has(request, "total", "reason") || refunded.Contains(invoice))
            return (400, "Bad action.");
        refunded.Add(invoice);
        Lose();
        return (200, new { });
    }

    object KeySet()
    {
        var key = rsa.ExportParameters(false);
        return new { keys = (object[])[new { kty = "RSA", use = "sig", alg = "RS256", kid = "key-1", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) }] };
    }

    static bool Has(Heard request, params string[] names) => names.All(n => request.Json[n] is not null);
}

/// <summary>api.fly.io: OAuth and the hooks of extensions.</summary>
sealed class FlyDouble : PlatformDouble
{
    internal const string Code = "a-code";

    /// <summary>Of whoever signs in next.</summary>
    internal string Organization { get; set; } = "org-1";

    protected override (int Status, object? Body) Answer(Heard request)
    {
        if (request.Call == "POST /oauth/token")
            return request.Json["client_secret"]?.GetValue<string>() == DialectWorld.ClientSecret && request.Json["code"]?.GetValue<string>() == Code && request.Json["redirect_uri"]?.GetValue<string>().EndsWith($"/fly/{DialectWorld.Key}/callback", StringComparison.Ordinal) == true
                ? (200, new { access_token = "fo1_token", token_type = "Bearer", expires_in = 7200 })
                : (401, "Bad code.");
        if (request.Call == "GET /oauth/token/info")
            return request.Authorization == "Bearer fo1_token" ? (200, new { user_id = "user-1", email = "ann@customer.fly.io", organizations = (object[])[new { id = Organization, role = "member" }] }) : (401, "Bad token.");
        if (request.Call != $"POST /api/hooks/extensions/{DialectWorld.Key}")
            return (404, "No such call.");
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(DialectWorld.HookKey), System.Text.Encoding.UTF8.GetBytes(request.Body)));
        return request.Headers["X-Signature"] == expected && request.Json["action"]?.GetValue<string>().StartsWith("resource.", StringComparison.Ordinal) == true && request.Json["resource"]?["id"] is not null ? (200, new { }) : (401, "Bad signature.");
    }
}
