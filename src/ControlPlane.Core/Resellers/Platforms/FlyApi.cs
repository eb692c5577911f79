using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>An extension as Fly.io asked for it.</summary>
public sealed record FlyExtension(string OrganizationId, string Name);

/// <summary>Somebody who has signed in at Fly.io.</summary>
/// <param name="Organizations">Id → role there.</param>
public sealed record FlyPerson(string UserId, string? Email, IReadOnlyDictionary<string, string> Organizations);

/// <summary>What we ask of api.fly.io: who somebody is, and listening to what changes. Safe for any number of callers.</summary>
public sealed class FlyApi(PlatformHttp http, TimeProvider clock)
{
    static readonly Uri Public = new("https://api.fly.io");

    public static Uri AuthorizeAddress(PlatformSettings settings, string clientId, Uri redirect, string state) =>
        At(settings, $"/oauth/authorize?client_id={Uri.EscapeDataString(clientId)}&response_type=code&redirect_uri={Uri.EscapeDataString(redirect.AbsoluteUri)}&scope=read&state={Uri.EscapeDataString(state)}");

    public async Task<FlyPerson> IdentifyAsync(PlatformSettings settings, string clientId, string clientSecret, string code, Uri redirect, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = clientId,
            ["client_secret"] = clientSecret,
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirect.AbsoluteUri,
        });
        var token = (await http.SendAsync(HttpMethod.Post, At(settings, "/oauth/token"), form, null, cancel)).GetProperty("access_token").GetString()!;
        var info = await http.SendAsync(HttpMethod.Get, At(settings, "/oauth/token/info"), null, PlatformHttp.Bearer(token), cancel);
        var organizations = info.TryGetProperty("organizations", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [];
        return new FlyPerson(
            info.GetProperty("user_id").GetString()!, info.TryGetProperty("email", out var email) ? email.GetString() : null,
            organizations.DistinctBy(o => o.GetProperty("id").GetString()).ToDictionary(o => o.GetProperty("id").GetString()!, o => o.TryGetProperty("role", out var role) ? role.GetString() ?? "member" : "member"));
    }

    /// <param name="action">resource.created, resource.updated or resource.deleted.</param>
    public async Task HookAsync(PlatformSettings settings, string slug, string hookKey, string action, object resource, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { timestamp = clock.GetUtcNow().ToUnixTimeSeconds(), action, resource }, PlatformJson.Options);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.Add("X-Signature", Sign(hookKey, body));
        await http.SendAsync(HttpMethod.Post, At(settings, $"/api/hooks/extensions/{Uri.EscapeDataString(slug)}"), content, null, cancel);
    }

    public static string Sign(string key, ReadOnlySpan<byte> what) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), what));

    static Uri At(PlatformSettings settings, string path) => new(settings.ApiAddress ?? Public, path);
}
