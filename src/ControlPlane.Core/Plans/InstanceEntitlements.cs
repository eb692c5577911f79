using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ControlPlane.Core.Ids;

namespace ControlPlane.Core.Plans;

/// <summary>What an instance is entitled to, as it was computed last: what the engine, the job server and the backups go by.</summary>
public sealed class InstanceEntitlements
{
    public required InstanceId InstanceId { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>Grows with each change.</summary>
    public required int Version { get; set; }

    /// <summary>Key to value, as JSON. A feature that is off has the name of the plan that has it, or false.</summary>
    public required string Values { get; set; }
    public required DateTimeOffset ComputedAt { get; set; }

    public InstanceLimits Limits => InstanceLimits.From(ToValues());

    public ImmutableSortedDictionary<string, string> ToValues() => Parse(Values);

    public static string Write(ImmutableSortedDictionary<string, string> values) => JsonSerializer.Serialize<IReadOnlyDictionary<string, string>>(values);

    static ImmutableSortedDictionary<string, string> Parse(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
}

/// <summary>The limits among the values, typed.</summary>
/// <param name="Features">By the job server's name: true, false, or the name of the plan that has it.</param>
public sealed record InstanceLimits(
    int InstancesMax, int MemoryMb, int CpuMillis, int ConnectionsMax, int StorageMb, int BackupsKeptMax, int BackupEveryMinutesMin, bool GrowthAllowed, bool ServiceRunning,
    ImmutableSortedDictionary<string, string> Features)
{
    public long MemoryBytes => MemoryMb * 1024L * 1024;
    public long StorageBytes => StorageMb * 1024L * 1024;

    public static InstanceLimits From(ImmutableSortedDictionary<string, string> values) => new(
        Number(values, EntitlementKeys.InstancesMax), Number(values, EntitlementKeys.MemoryMb), Number(values, EntitlementKeys.CpuMillis), Number(values, EntitlementKeys.ConnectionsMax),
        Number(values, EntitlementKeys.StorageMb), Number(values, EntitlementKeys.BackupsKeptMax), Number(values, EntitlementKeys.BackupEveryMinutesMin),
        values.GetValueOrDefault(EntitlementKeys.GrowthAllowed) != "false", values.GetValueOrDefault(EntitlementKeys.ServiceRunning) != "false",
        values.Where(v => v.Key.StartsWith(EntitlementKeys.FeaturePrefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(v => v.Key[EntitlementKeys.FeaturePrefix.Length..], v => v.Value, StringComparer.Ordinal));

    static int Number(ImmutableSortedDictionary<string, string> values, string key) =>
        values.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"nothing entitles to {key}");
}

/// <summary>What a customer gets besides its plan, by somebody's decision.</summary>
public sealed class EntitlementOverride
{
    public required OverrideId Id { get; init; }
    public required OrganizationId OrganizationId { get; init; }

    /// <summary>One instance; all of the organization's when null.</summary>
    public InstanceId? InstanceId { get; init; }
    public required string Key { get; init; }
    public required string Value { get; init; }
    public required string Reason { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
}
