using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace ControlPlane.Client;

/// <summary>POST /v1/reseller/integrations</summary>
/// <param name="Dialect">heroku, digital_ocean, clever_cloud, addons_io, open_service_broker, vercel or fly.</param>
/// <param name="Key">What callers name themselves by: the add-on's slug, the broker's user, Vercel's client id, Fly.io's extension. Unique in the dialect.</param>
/// <param name="IsSandbox">What is provisioned through it costs nothing and is no customer's.</param>
public sealed record AddIntegrationRequest(
    [property: Required(ErrorMessage = "Name the dialect.")] string Dialect,
    [property: Required(ErrorMessage = "Name the integration."), StringLength(80, MinimumLength = 1, ErrorMessage = "A name has 1 to 80 characters.")] string Name,
    [property: Required(ErrorMessage = "Say what callers name themselves by."), RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", ErrorMessage = "A key has 1 to 100 letters, digits, dots, hyphens and underscores.")] string Key,
    bool IsSandbox = false, IntegrationSettings? Settings = null, IntegrationSecrets? Secrets = null);

/// <summary>How a dialect's words are ours, and where the platform is. What is left out stays as it is, or is the default.</summary>
/// <param name="Plans">The platform's name of a plan → a plan's key.</param>
/// <param name="Regions">The platform's name of a region → a region's key.</param>
/// <param name="WaitSeconds">How long an answer may wait for an instance, 0 to 45; 20 when left out.</param>
/// <param name="VariablePrefix">FAKTORY makes FAKTORY_URL.</param>
/// <param name="ApiAddress">Of the platform's API; its public one when left out.</param>
/// <param name="IdentityAddress">Where the platform gives out tokens.</param>
/// <param name="KeysAddress">Where the keys of the platform's signatures are.</param>
public sealed record IntegrationSettings(
    IReadOnlyDictionary<string, string>? Plans = null, IReadOnlyDictionary<string, string>? Regions = null, [property: Range(0, 45, ErrorMessage = "An answer waits 0 to 45 seconds.")] int? WaitSeconds = null,
    [property: RegularExpression("^[A-Z][A-Z0-9_]{0,39}$", ErrorMessage = "A prefix has 1 to 40 capitals, digits and underscores.")] string? VariablePrefix = null, Uri? ApiAddress = null, Uri? IdentityAddress = null, Uri? KeysAddress = null);

/// <summary>What the platform has given you. Kept sealed, and never shown again.</summary>
/// <param name="ClientSecret">Ours at the platform's OAuth server: Heroku, DigitalOcean, Vercel, Fly.io.</param>
/// <param name="RequestKey">What Fly.io signs its requests with.</param>
/// <param name="HookKey">What Fly.io wants our hooks signed with.</param>
public sealed record IntegrationSecrets(string? ClientSecret = null, string? RequestKey = null, string? HookKey = null);

/// <summary>PATCH /v1/reseller/integrations/{id}</summary>
public sealed record ChangeIntegrationRequest(string? Name = null, IntegrationSettings? Settings = null, IntegrationSecrets? Secrets = null);

/// <summary>An integration with what the platform has to be told.</summary>
/// <param name="Addresses">What to enter at the platform: base_url and sso_url for example.</param>
/// <param name="Manifest">Of the dialects that have one; without the password.</param>
public sealed record IntegrationDetails(IntegrationResource Integration, IntegrationSettings Settings, IReadOnlyDictionary<string, string> Addresses, JsonElement? Manifest);

/// <summary>What is shown once.</summary>
/// <param name="Password">What the platform shows us; null in the dialects that sign instead.</param>
/// <param name="SsoSalt">What the platform makes single sign-on tokens with.</param>
/// <param name="Manifest">Whole, for the platform.</param>
public sealed record IntegrationCredentials(IntegrationDetails Details, string? Password, string? SsoSalt, JsonElement? Manifest);

/// <summary>POST /v1/reseller/integrations/{id}/refunds</summary>
/// <param name="Installation">Whose invoice it is, in the platform's words.</param>
/// <param name="Invoice">Its number as we gave it to the platform: the installation and the month, icfg_1-2026-11.</param>
/// <param name="AmountMinor">In cents; no more than the invoice.</param>
/// <param name="Reason">The customer reads it at the platform.</param>
public sealed record RefundPlatformInvoiceRequest(
    [property: Required(ErrorMessage = "Name the installation.")] string Installation, [property: Required(ErrorMessage = "Name the invoice.")] string Invoice,
    [property: Range(1, long.MaxValue, ErrorMessage = "At least a cent is given back.")] long AmountMinor,
    [property: Required(ErrorMessage = "Say why."), StringLength(200, MinimumLength = 1, ErrorMessage = "A reason has 1 to 200 characters.")] string Reason);

/// <summary>POST /v1/reseller/integrations/{id}/certify</summary>
/// <param name="Passed">Whether every step went as the protocol says.</param>
public sealed record CertificationReport(string Integration, string Dialect, bool Passed, DateTimeOffset StartedAt, long Milliseconds, IReadOnlyList<CertificationStep> Steps);

/// <param name="Expected">In words.</param>
/// <param name="Answer">What came, shortened and without secrets.</param>
public sealed record CertificationStep(string Name, string Request, string Expected, int Status, string Answer, bool Passed, long Milliseconds);
