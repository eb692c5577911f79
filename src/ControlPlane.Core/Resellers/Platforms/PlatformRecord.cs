using System.Text.Json;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>What a platform has told us, or we it, that no command knows: where to call back, tokens, installations, bindings, transfers.</summary>
public sealed class PlatformRecord
{
    public required IntegrationId IntegrationId { get; init; }

    /// <summary>One of <see cref="PlatformRecordKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The platform's own id of it; unique in the integration and kind.</summary>
    public required string ExternalId { get; init; }
    public required ResellerId ResellerId { get; init; }

    /// <summary>The reseller's own organization, for which <see cref="Sealed"/> is sealed.</summary>
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Where it is about one resource.</summary>
    public ManagedResourceId? ResourceId { get; set; }

    /// <summary>JSON whose form is the kind's. Never a secret.</summary>
    public string Data { get; set; } = "{}";

    /// <summary>Its secrets as JSON, sealed for <see cref="Secrets.SecretPurposes.PlatformSecrets"/>.</summary>
    public string? Sealed { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What its secrets are bound to, besides the organization and the purpose.</summary>
    public string SealedFor => $"{IntegrationId} {Kind} {ExternalId}";

    public T Read<T>() => JsonSerializer.Deserialize<T>(Data, PlatformJson.Options) ?? throw new InvalidOperationException($"the record {SealedFor} is empty");

    public void Write<T>(T data) where T : notnull => Data = JsonSerializer.Serialize(data, PlatformJson.Options);
}

public static class PlatformRecordKinds
{
    /// <summary>An add-on resource: its callback and the tokens for it.</summary>
    public const string AddOn = "add-on";
    public const string Binding = "binding";
    public const string Instance = "instance";
    public const string Installation = "installation";
    public const string Product = "product";
    public const string Transfer = "transfer";
    public const string Extension = "extension";
    public const string Certification = "certification";
}

/// <summary>How records and settings are written in the database.</summary>
public static class PlatformJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
