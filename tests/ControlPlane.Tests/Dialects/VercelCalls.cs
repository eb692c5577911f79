using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using ControlPlane.Tests.Dialects.Doubles;
using ControlPlane.Tests.Hosting;

namespace ControlPlane.Tests.Dialects;

/// <summary>How Vercel calls, with tokens that its double signs.</summary>
static class VercelCalls
{
    internal const string Base = $"vercel/v1/installations/{VercelDouble.Installation}";

    internal static Task<DialectWorld> StartAsync(PostgresFixture postgres, VercelDouble vercel, PlatformSettings? settings = null, bool isPlayed = true, TimeProvider? clock = null) =>
        DialectWorld.StartAsync(postgres, Dialect.Vercel, (settings ?? new()) with { ApiAddress = vercel.Address, KeysAddress = vercel.Keys }, isPlayed, clock);

    internal static Task<JsonNode> InstallAsync(DialectWorld world, string token) => SendAsync(world, token, HttpMethod.Put, Base, new
    {
        scopes = (string[])["read:resource"],
        acceptedPolicies = new { toc = "2026-01-01T00:00:00Z" },
        credentials = new { access_token = VercelDouble.AccessToken, token_type = "Bearer" },
        account = new { name = "The shop", contact = new { email = "ann@example.com" } },
    }, 201);

    internal static async Task<HttpResponseMessage> SignOnAsync(DialectWorld world, VercelDouble vercel, string user, string? resource)
    {
        vercel.IdToken = vercel.Sign(world.Server.Clock, user: user);
        return await world.Browser.GetAsync($"vercel/sso/{DialectWorld.Key}?code={VercelDouble.Code}&state=s{(resource is null ? "" : $"&resource_id={resource}")}");
    }

    internal static object Resource(string plan = "free", string name = "jobs") => new { productId = "faktory", name, metadata = new { region = "iad1" }, billingPlanId = plan, something_new = true };

    internal static async Task<JsonNode> SendAsync(DialectWorld world, string? token, HttpMethod method, string path, object? body, int status)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType()) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await world.Stranger.SendAsync(request);
        return await response.ShouldBeAsync(status);
    }

    /// <summary>A webhook, signed with the integration's secret.</summary>
    internal static async Task TellAsync(DialectWorld world, object told, int status, string secret = DialectWorld.ClientSecret)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(told, told.GetType());
#pragma warning disable CA5350 // As the protocol has it.
        var signature = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA1.HashData(System.Text.Encoding.UTF8.GetBytes(secret), body));
#pragma warning restore CA5350
        using var request = new HttpRequestMessage(HttpMethod.Post, $"vercel/webhooks/{DialectWorld.Key}") { Content = new ByteArrayContent(body), Headers = { { "x-vercel-signature", signature } } };
        using var response = await world.Stranger.SendAsync(request);
        await response.ShouldBeAsync(status);
    }
}
