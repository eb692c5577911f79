using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>
/// What we ask of an add-on platform: tokens for a resource, setting its variables, and saying that it is ready. Heroku: Add-on Partner API v3; DigitalOcean: SaaS add-ons;
/// Clever Cloud: the add-on provider API, which knows no tokens. Safe for any number of callers.
/// </summary>
public sealed class AddOnApi(PlatformHttp http, TimeProvider clock)
{
    const string HerokuAccept = "application/vnd.heroku+json; version=3";
    static readonly TimeSpan ExpiresEarly = TimeSpan.FromMinutes(1);

    /// <summary>The address of a resource at its platform.</summary>
    public static Uri CallbackOf(Dialect dialect, PlatformSettings settings, string externalId) => dialect switch
    {
        Dialect.DigitalOcean => new(ApiOf(dialect, settings), $"/v2/add-ons/resources/{Uri.EscapeDataString(externalId)}"),
        Dialect.CleverCloud => new(ApiOf(dialect, settings), $"/v2/vendor/apps/{Uri.EscapeDataString(externalId)}"),
        _ => new(ApiOf(dialect, settings), $"/addons/{Uri.EscapeDataString(externalId)}"),
    };

    public static Uri ApiOf(Dialect dialect, PlatformSettings settings) => settings.ApiAddress ?? dialect switch
    {
        Dialect.DigitalOcean => new("https://api.digitalocean.com"),
        Dialect.CleverCloud => new("https://api.clever-cloud.com"),
        Dialect.AddonsIo => new("https://addons.io"),
        _ => new("https://api.heroku.com"),
    };

    static Uri TokensOf(Dialect dialect, PlatformSettings settings) => dialect switch
    {
        Dialect.DigitalOcean => new(settings.IdentityAddress ?? ApiOf(dialect, settings), "/v2/add-ons/oauth/token"),
        Dialect.Heroku => new(settings.IdentityAddress ?? new("https://id.heroku.com"), "/oauth/token"),
        _ => new(settings.IdentityAddress ?? ApiOf(dialect, settings), "/oauth/token"),
    };

    /// <summary>Trades the code, or renews what it was traded for; does nothing where the tokens are still good.</summary>
    /// <exception cref="PlatformRefusedException">The code is used up or too old.</exception>
    public async Task<AddOnTokens> EnsureTokensAsync(Dialect dialect, PlatformSettings settings, AddOnTokens tokens, string? clientSecret, CancellationToken cancel)
    {
        if (tokens.AccessToken is not null && (tokens.ExpiresAt is null || tokens.ExpiresAt - ExpiresEarly > clock.GetUtcNow()))
            return tokens;
        Dictionary<string, string> form = tokens switch
        {
            { RefreshToken: { } refresh } => new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh },
            { Code: { } code } => new() { ["grant_type"] = "authorization_code", ["code"] = code },
            _ => throw new PlatformRefusedException(System.Net.HttpStatusCode.Unauthorized, "The platform gave no code that could be traded for a token."),
        };
        if (clientSecret is not null)
            form["client_secret"] = clientSecret;
        using var content = new FormUrlEncodedContent(form);
        var answer = await http.SendAsync(HttpMethod.Post, TokensOf(dialect, settings), content, null, cancel);
        var lifetime = answer.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? TimeSpan.FromSeconds(seconds.GetInt64()) : (TimeSpan?)null;
        return tokens with
        {
            Code = null,
            AccessToken = answer.GetProperty("access_token").GetString(),
            RefreshToken = answer.TryGetProperty("refresh_token", out var renewed) ? renewed.GetString() : tokens.RefreshToken,
            ExpiresAt = clock.GetUtcNow() + lifetime,
        };
    }

    /// <summary>Sets the variables that the customer's programs read.</summary>
    public Task SetConfigAsync(Dialect dialect, Uri callback, AuthenticationHeaderValue authorization, string variable, string value, CancellationToken cancel) => dialect switch
    {
        Dialect.CleverCloud => http.SendJsonAsync(HttpMethod.Put, callback, new { config = new Dictionary<string, string> { [variable] = value } }, authorization, cancel),
        Dialect.DigitalOcean => http.SendJsonAsync(HttpMethod.Patch, Below(callback, "config"), new { config = new Dictionary<string, string> { [variable] = value } }, authorization, cancel),
        _ => http.SendJsonAsync(HttpMethod.Patch, Below(callback, "config"), new { config = new[] { new { name = variable, value } } }, authorization, cancel, HerokuAccept),
    };

    /// <summary>Says that what was answered with 202 is ready.</summary>
    public Task SayProvisionedAsync(Uri callback, AuthenticationHeaderValue authorization, CancellationToken cancel) =>
        http.SendAsync(HttpMethod.Post, Below(callback, "actions/provision"), null, authorization, cancel, HerokuAccept);

    /// <summary>Says that it is not going to be.</summary>
    public Task SayDeprovisionedAsync(Uri callback, AuthenticationHeaderValue authorization, CancellationToken cancel) =>
        http.SendAsync(HttpMethod.Post, Below(callback, "actions/deprovision"), null, authorization, cancel, HerokuAccept);

    /// <summary>Has Heroku tell us what becomes of the add-on (devcenter.heroku.com/articles/addon-webhooks), again and again until we have listened.</summary>
    public Task WatchAsync(Uri callback, AuthenticationHeaderValue authorization, AddOnHook hook, CancellationToken cancel) =>
        http.SendJsonAsync(HttpMethod.Post, Below(callback, "webhooks"), new { include = (string[])["api:addon"], level = "sync", secret = hook.Secret, url = hook.Address.AbsoluteUri }, authorization, cancel, HerokuAccept);

    public static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    static Uri Below(Uri callback, string path) => new(string.Create(CultureInfo.InvariantCulture, $"{callback.AbsoluteUri.TrimEnd('/')}/{path}"));
}
