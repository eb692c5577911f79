using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Faktory.Conformance.SelfService;

/// <summary>What Vercel is to a partner that only wants to be asked for resources: a key that signs tokens, and an address where it can be read. All that it is told it takes.</summary>
sealed class VercelKeys : IAsyncDisposable
{
    internal const string Installation = "icfg_1";

    readonly RSA _key = RSA.Create(2048);
    readonly HttpListener _listener = new();
    readonly Task _serving;

    internal VercelKeys()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    internal Uri Address { get; }

    /// <summary>RFC 7519, signed as RFC 7518 says of RS256, with the claims that Vercel's documentation names.</summary>
    internal string Sign(string audience, TimeProvider clock, string installation = Installation)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new { iss = "https://marketplace.vercel.com", aud = audience, sub = "account:1:user:2", account_id = "team_1", installation_id = installation, user_id = "user-1", user_role = "ADMIN", iat = now, nbf = now, exp = now + 600 };
        var signed = $"{Part(new { alg = "RS256", typ = "JWT", kid = "key-1" })}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _key.Dispose();
    }

    async Task ServeAsync()
    {
        var key = _key.ExportParameters(false);
        var set = JsonSerializer.SerializeToUtf8Bytes(new { keys = (object[])[new { kty = "RSA", use = "sig", alg = "RS256", kid = "key-1", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) }] });
        try
        {
            while (true)
            {
                var request = await _listener.GetContextAsync();
                request.Response.ContentType = "application/json";
                request.Response.Close(request.Request.HttpMethod == "GET" ? set : "{}"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was closed.
        }
    }
}
