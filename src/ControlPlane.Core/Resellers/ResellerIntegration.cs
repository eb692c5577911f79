using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers;

/// <summary>The protocols by which resellers plug in. Each only translates: the rules are those of the one command set.</summary>
public enum Dialect
{
    Native,
    Heroku,
    DigitalOcean,
    CleverCloud,
    AddonsIo,
    OpenServiceBroker,
    Vercel,
    Fly,
}

/// <summary>One way by which a reseller plugs in, with what each side shows the other.</summary>
public sealed class ResellerIntegration
{
    public required IntegrationId Id { get; init; }
    public required ResellerId ResellerId { get; init; }

    /// <summary>The reseller's own organization, for which its secrets are sealed.</summary>
    public required OrganizationId OrganizationId { get; init; }
    public required Dialect Dialect { get; init; }
    public required string Name { get; set; }

    /// <summary>What a caller names itself by in this dialect: a slug, a user's name, a client id. Unique in the dialect.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 of the password that callers show, where the dialect has one.</summary>
    public byte[]? SecretHash { get; set; }

    /// <summary>What has to be known in the clear (salts, client secrets, keys of signatures): a JSON object, sealed for <see cref="Secrets.SecretPurposes.IntegrationSecrets"/>.</summary>
    public string? SealedSecrets { get; set; }

    /// <summary>The dialect's own settings, a JSON object: addresses of the other side, names of plans and regions. Never a secret.</summary>
    public string Settings { get; set; } = "{}";

    /// <summary>What is provisioned through it costs nothing and is no customer's.</summary>
    public bool IsSandbox { get; init; }

    /// <summary>How far the reseller has moved its sandbox's clock.</summary>
    public TimeSpan SandboxAhead { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on callers are refused; what was provisioned goes on.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
