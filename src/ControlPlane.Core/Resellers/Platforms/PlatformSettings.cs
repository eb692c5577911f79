using System.Text.Json;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>What an integration's <see cref="ResellerIntegration.Settings"/> say, whatever its dialect: names on the other side, addresses, and how long a platform likes to wait.</summary>
public sealed record PlatformSettings
{
    /// <summary>Platforms give up near 30 to 60 seconds.</summary>
    public const int WaitSecondsMax = 45;

    /// <summary>The platform's name of a plan → ours. What is not named here is ours already.</summary>
    public IReadOnlyDictionary<string, string> Plans { get; init; } = new Dictionary<string, string>();

    /// <summary>The platform's name of a region → ours. What is not named here is the default region.</summary>
    public IReadOnlyDictionary<string, string> Regions { get; init; } = new Dictionary<string, string>();

    /// <summary>How long an answer may wait for the instance to be ready, in seconds; 0 answers at once and calls back later.</summary>
    public int WaitSeconds { get; init; } = 20;

    /// <summary>Before the names of the variables that customers get: FAKTORY makes FAKTORY_URL.</summary>
    public string VariablePrefix { get; init; } = "FAKTORY";

    /// <summary>Where the platform's API is; null for its public one.</summary>
    public Uri? ApiAddress { get; init; }

    /// <summary>Where the platform gives out tokens; null for its public one.</summary>
    public Uri? IdentityAddress { get; init; }

    /// <summary>Where the keys of the platform's signatures are; null for its public one.</summary>
    public Uri? KeysAddress { get; init; }

    /// <summary>RFC 7517, of a certification's twin alone: the keys are these, and nobody is at the other end to be called.</summary>
    public string? KeySet { get; init; }

    public static PlatformSettings Of(ResellerIntegration integration) => JsonSerializer.Deserialize<PlatformSettings>(integration.Settings, PlatformJson.Options) ?? new();

    public string ToJson() => JsonSerializer.Serialize(this, PlatformJson.Options);

    public string PlanKey(string named) => Plans.GetValueOrDefault(named, named);

    public string PlanName(string key) => Plans.FirstOrDefault(p => p.Value == key).Key ?? key;

    public string? Region(string? named) => named is null ? null : Regions.GetValueOrDefault(named);

    public TimeSpan WaitFor => TimeSpan.FromSeconds(Math.Clamp(WaitSeconds, 0, WaitSecondsMax));

    public string UrlVariable => $"{VariablePrefix}_URL";
}

/// <summary>The names under which an integration's secrets are sealed.</summary>
public static class PlatformSecretNames
{
    /// <summary>What single sign-on tokens are salted or keyed with.</summary>
    public const string SingleSignOnSalt = "sso_salt";

    /// <summary>Ours at the platform's OAuth server.</summary>
    public const string ClientSecret = "client_secret";

    /// <summary>What the platform signs its requests with.</summary>
    public const string RequestKey = "request_key";

    /// <summary>What we sign what we tell the platform with.</summary>
    public const string HookKey = "hook_key";

    /// <summary>What we show where the platform wants HTTP Basic.</summary>
    public const string ApiPassword = "api_password";
}
