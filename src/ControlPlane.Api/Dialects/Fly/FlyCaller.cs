using System.Globalization;
using System.Text.Json;
using ControlPlane.Api.Resellers;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects.Fly;

/// <summary>Knows Fly.io by X-Signature: an HMAC-SHA256 over the query of GET and DELETE, over the body of POST and PATCH, which hold the time and the address that was meant.</summary>
sealed class FlyCaller(TimeProvider clock) : IEndpointFilter
{
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);
    static readonly object Key = new();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var integrations = http.RequestServices.GetRequiredService<IntegrationLookup>();
        if (await integrations.EnterAsync(Dialect.Fly, http.GetRouteValue("key") as string ?? "", http.Address(), http.RequestAborted) is not { } caller
            || integrations.OpenSecrets(caller.Integration).GetValueOrDefault(PlatformSecretNames.RequestKey) is not { } key)
            return Refuse();
        var isInQuery = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method);
        var signed = isInQuery ? System.Text.Encoding.UTF8.GetBytes((http.Request.QueryString.Value ?? "").TrimStart('?')) : await DialectJson.ReadBytesAsync(http.Request, http.RequestAborted);
        if (!AddOns.SignOnTokens.AreSame(FlyApi.Sign(key, signed), http.Request.Headers["X-Signature"]))
            return Refuse();
        var (timestamp, url) = isInQuery ? (http.Request.Query["timestamp"].ToString(), http.Request.Query["url"].ToString()) : ReadProof(signed);
        if (!IsFresh(timestamp) || !IsMeant(url, http.Request))
            return Refuse();
        http.Items[Key] = signed;
        http.Recognize(caller);
        return await next(context);
    }

    /// <summary>What was signed.</summary>
    internal static byte[] Body(HttpContext http) => (byte[])http.Items[Key]!;

    static (string Timestamp, string Url) ReadProof(byte[] body) => DialectJson.Parse<Proof>(body, DialectJson.Snake) is { } proof ? (proof.Timestamp.ToString(), proof.Url ?? "") : ("", "");

    bool IsFresh(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        && (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= FreshFor;

    /// <summary>A signature that was made for one address says nothing at another. Proxies in front may have changed host and scheme.</summary>
    static bool IsMeant(string url, HttpRequest request) => Uri.TryCreate(url, UriKind.Absolute, out var meant) && Uri.UnescapeDataString(meant.AbsolutePath) == request.Path;

    static IResult Refuse() => FlyExtensions.Say(401, "The signature is missing, wrong, too old, or of another address.");

    sealed record Proof(JsonElement Timestamp, string? Url);
}
