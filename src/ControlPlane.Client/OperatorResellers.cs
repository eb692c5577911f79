using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Client;

/// <summary>A reseller as the operator sees it.</summary>
public sealed record OperatorResellerResource(
    string Id, string Name, string Organization, string Party, string Mode, string Status, DateTimeOffset? SuspendedAt, string? SuspendedReason, DateTimeOffset? CustomersWarnedAt, int Customers, int Instances,
    IReadOnlyList<IntegrationResource> Integrations, DateTimeOffset CreatedAt);

/// <summary>POST /v1/operator/resellers: an organization becomes a reseller.</summary>
/// <param name="Organization">Of its staff, org_….</param>
/// <param name="Party">The id of its party in the ledger, without reseller: in front; the organization's when left out. Its profile is made if there is none.</param>
public sealed record CreateResellerRequest(
    [property: Required(ErrorMessage = "Name the organization.")] string Organization,
    [property: AllowedValues("referral", "wholesale", "direct", ErrorMessage = "A mode is referral, wholesale or direct.")] string Mode = "referral",
    [property: StringLength(80, MinimumLength = 1, ErrorMessage = "A name has 1 to 80 characters.")] string? Name = null,
    [property: RegularExpression("^[A-Za-z0-9_.-]{1,64}$", ErrorMessage = "A party's id has 1 to 64 letters, digits, hyphens, underscores and points.")] string? Party = null);

/// <summary>PATCH /v1/operator/resellers/{id}: only what is given changes.</summary>
/// <param name="Mode">Counts for what is started from now on.</param>
public sealed record UpdateResellerRequest(
    [property: StringLength(80, MinimumLength = 1, ErrorMessage = "A name has 1 to 80 characters.")] string? Name = null,
    [property: AllowedValues("referral", "wholesale", "direct", null, ErrorMessage = "A mode is referral, wholesale or direct.")] string? Mode = null,
    [property: RegularExpression("^[A-Za-z0-9_.-]{1,64}$", ErrorMessage = "A party's id has 1 to 64 letters, digits, hyphens, underscores and points.")] string? Party = null);

/// <summary>POST /v1/operator/resellers/{id}/integrations</summary>
/// <param name="Key">What callers name themselves by; unique in the dialect.</param>
/// <param name="Password">What callers show, where the dialect has a password.</param>
/// <param name="Secrets">Salts, client secrets, keys of signatures: sealed, and never shown again.</param>
/// <param name="Settings">The dialect's own, as JSON text of an object.</param>
public sealed record CreateIntegrationRequest(
    [property: AllowedValues("heroku", "digital_ocean", "clever_cloud", "addons_io", "open_service_broker", "vercel", "fly", ErrorMessage = "A dialect is heroku, digital_ocean, clever_cloud, addons_io, open_service_broker, vercel or fly.")] string Dialect,
    [property: Required(ErrorMessage = "Enter a name."), StringLength(80, MinimumLength = 1, ErrorMessage = "A name has 1 to 80 characters.")] string Name,
    [property: Required(ErrorMessage = "Enter a key."), StringLength(200, MinimumLength = 1, ErrorMessage = "A key has 1 to 200 characters.")] string Key,
    [property: StringLength(200, MinimumLength = 16, ErrorMessage = "A password has 16 to 200 characters.")] string? Password = null,
    IReadOnlyDictionary<string, string>? Secrets = null,
    [property: MaxLength(10_000, ErrorMessage = "Settings have at most 10000 characters.")] string Settings = "{}",
    bool IsSandbox = false);

/// <summary>PATCH /v1/operator/integrations/{id}: only what is given changes; secrets that are given replace all that there were.</summary>
public sealed record UpdateIntegrationRequest(
    [property: StringLength(200, MinimumLength = 16, ErrorMessage = "A password has 16 to 200 characters.")] string? Password = null,
    IReadOnlyDictionary<string, string>? Secrets = null,
    [property: MaxLength(10_000, ErrorMessage = "Settings have at most 10000 characters.")] string? Settings = null,
    bool? Disabled = null);
