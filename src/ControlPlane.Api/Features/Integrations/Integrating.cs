using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Api.Dialects;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resources;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Outbound;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Platforms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Features.Integrations;

/// <summary>What the calls on integrations have in common. One per request.</summary>
sealed class Integrating(ControlPlaneDb db, IntegrationLookup lookup, IOptions<OutboundOptions> outbound, IOptions<ApiOptions> options, IHttpContextAccessor http)
{
    internal const int IntegrationsMax = 50;
    internal static readonly Problem NotFound = new("integration_not_found", 404, "You have no integration with this id.");
    internal static readonly Problem DialectUnknown = new("invalid_dialect", 400, "Dialects are heroku, digital_ocean, clever_cloud, addons_io, open_service_broker, vercel and fly.");
    internal static readonly Problem KeyTaken = new("integration_key_taken", 409, "There is an integration with this key in this dialect already. Choose another key.");
    internal static readonly Problem TooMany = new("integration_quota_reached", 409, "You have 50 integrations. Disable one that is no longer needed.");
    internal static readonly Problem AddressInvalid = new("invalid_platform_address", 400, "A platform's address is https, on port 443 or 8443, without credentials.");
    internal static readonly Problem OnlySandbox = new("sandbox_only", 403, "A key of the sandbox makes and reads integrations of the sandbox alone.");

    internal Uri Api => IntegrationAddresses.Here(http.HttpContext!, options.Value);

    internal async Task<ResellerIntegration?> FindAsync(ResellerCaller by, string id, CancellationToken cancel)
    {
        if (!IntegrationId.TryParse(id, out var integration))
            return null;
        var (reseller, isSandbox) = (by.Reseller.Id, by.Integration.IsSandbox);
        return await db.ResellerIntegrations.SingleOrDefaultAsync(i => i.Id == integration && i.ResellerId == reseller && (!isSandbox || i.IsSandbox) && i.Dialect != Dialect.Native, cancel);
    }

    /// <returns>False where an address is none that may be called.</returns>
    internal bool TryApply(ResellerIntegration integration, IntegrationSettings? given)
    {
        if (given is null)
            return true;
        if (((Uri?[])[given.ApiAddress, given.IdentityAddress, given.KeysAddress]).Any(a => a is not null && !OutboundHttp.MayCall(a, outbound.Value)))
            return false;
        var old = PlatformSettings.Of(integration);
        integration.Settings = (old with
        {
            Plans = given.Plans ?? old.Plans,
            Regions = given.Regions ?? old.Regions,
            WaitSeconds = given.WaitSeconds ?? old.WaitSeconds,
            VariablePrefix = given.VariablePrefix ?? old.VariablePrefix,
            ApiAddress = given.ApiAddress ?? old.ApiAddress,
            IdentityAddress = given.IdentityAddress ?? old.IdentityAddress,
            KeysAddress = given.KeysAddress ?? old.KeysAddress,
        }).ToJson();
        return true;
    }

    internal void Keep(ResellerIntegration integration, IntegrationSecrets? given, params (string Name, string? Value)[] more)
    {
        var secrets = new Dictionary<string, string>(lookup.OpenSecrets(integration));
        (string Name, string? Value)[] all = [(PlatformSecretNames.ClientSecret, given?.ClientSecret), (PlatformSecretNames.RequestKey, given?.RequestKey), (PlatformSecretNames.HookKey, given?.HookKey), .. more];
        foreach (var (name, value) in all)
            if (!string.IsNullOrEmpty(value))
                secrets[name] = value;
        lookup.SealSecrets(integration, secrets);
    }

    /// <summary>New ones of those that are ours to make; what the platform made stays.</summary>
    internal IntegrationCredentials Renew(ResellerIntegration integration, IntegrationSecrets? given = null)
    {
        var password = integration.Dialect is Dialect.Vercel or Dialect.Fly ? null : NewSecret();
        var salt = integration.Dialect is Dialect.Heroku or Dialect.AddonsIo or Dialect.DigitalOcean or Dialect.CleverCloud ? NewSecret() : null;
        integration.SecretHash = password is null ? null : IntegrationLookup.HashPassword(password);
        // Clever Cloud has the same password in both directions.
        Keep(integration, given, (PlatformSecretNames.SingleSignOnSalt, salt), (PlatformSecretNames.ApiPassword, integration.Dialect == Dialect.CleverCloud ? password : null));
        return new IntegrationCredentials(Describe(integration), password, salt, IntegrationAddresses.Manifest(integration, Api, password, salt));
    }

    internal IntegrationDetails Describe(ResellerIntegration integration)
    {
        var s = PlatformSettings.Of(integration);
        return new IntegrationDetails(
            integration.ToResource(), new IntegrationSettings(s.Plans, s.Regions, s.WaitSeconds, s.VariablePrefix, s.ApiAddress, s.IdentityAddress, s.KeysAddress),
            IntegrationAddresses.Of(integration, Api), IntegrationAddresses.Manifest(integration, Api, null, null));
    }

    internal static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
