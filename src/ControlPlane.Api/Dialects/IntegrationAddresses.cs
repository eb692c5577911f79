using System.Text.Json;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;

namespace ControlPlane.Api.Dialects;

/// <summary>What a platform has to be told of us.</summary>
static class IntegrationAddresses
{
    /// <summary>Where platforms reach this Api: as configured, or as this caller has.</summary>
    internal static Uri Here(HttpContext http, ApiOptions options) => options.PublicAddress ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}");

    /// <summary>Where Heroku tells what becomes of one add-on.</summary>
    internal static Uri HerokuHook(Uri api, string key, string uuid) => new(api, $"heroku/webhooks/{Uri.EscapeDataString(key)}/{Uri.EscapeDataString(uuid)}");

    /// <param name="api">Where platforms reach the Api.</param>
    internal static IReadOnlyDictionary<string, string> Of(ResellerIntegration integration, Uri api)
    {
        var key = Uri.EscapeDataString(integration.Key);
        return integration.Dialect switch
        {
            Dialect.Heroku => AddOn(api, "heroku", key),
            Dialect.AddonsIo => AddOn(api, "addons-io", key),
            Dialect.CleverCloud => AddOn(api, "clever-cloud", key),
            Dialect.DigitalOcean => new Dictionary<string, string>(AddOn(api, "digitalocean", key)) { ["notifications_url"] = At(api, "digitalocean/notifications") },
            Dialect.OpenServiceBroker => new Dictionary<string, string> { ["broker_url"] = At(api, "osb") },
            Dialect.Vercel => new Dictionary<string, string> { ["base_url"] = At(api, "vercel"), ["redirect_login_url"] = At(api, $"vercel/sso/{key}"), ["webhook_url"] = At(api, $"vercel/webhooks/{key}") },
            Dialect.Fly => new Dictionary<string, string> { ["base_url"] = At(api, $"fly/{key}"), ["redirect_uri"] = At(api, $"fly/{key}/callback") },
            _ => new Dictionary<string, string>(),
        };
    }

    /// <summary>The manifest that Heroku and those who speak like it register an add-on with.</summary>
    /// <param name="password">Null writes one without secrets.</param>
    internal static JsonElement? Manifest(ResellerIntegration integration, Uri api, string? password, string? salt)
    {
        if (integration.Dialect is not (Dialect.Heroku or Dialect.AddonsIo or Dialect.CleverCloud))
            return null;
        var (settings, addresses) = (PlatformSettings.Of(integration), Of(integration, api));
        return JsonSerializer.SerializeToElement(
            new
            {
                id = integration.Key,
                name = integration.Name,
                api = new
                {
                    version = "3",
                    password,
                    sso_salt = salt,
                    regions = settings.Regions.Count > 0 ? settings.Regions.Keys.ToArray() : ["us", "eu"],
                    requires = (string[])[],
                    config_vars = (string[])[settings.UrlVariable],
                    config_vars_prefix = settings.VariablePrefix,
                    production = new { base_url = addresses["base_url"], sso_url = addresses["sso_url"] },
                },
            },
            DialectJson.Snake);
    }

    static Dictionary<string, string> AddOn(Uri api, string prefix, string key) => new() { ["base_url"] = At(api, $"{prefix}/resources"), ["sso_url"] = At(api, $"{prefix}/sso/{key}") };

    static string At(Uri api, string path) => new Uri(api, path).AbsoluteUri;
}
