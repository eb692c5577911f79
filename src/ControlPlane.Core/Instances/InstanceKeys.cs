using System.Text.Json;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Core.Instances;

/// <summary>An instance's passwords besides the one that its owner has: holder → password. A holder loses its own without anybody else noticing.</summary>
public static class InstanceKeys
{
    /// <summary>A server tries each of them when somebody connects.</summary>
    public const int CountMax = 20;

    public static IReadOnlyDictionary<string, string> OpenKeys(this SecretSealer sealer, Instance instance) => instance.SealedKeys is { } text
        ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(sealer.Open(instance.OrganizationId, SecretPurposes.InstancePassword, Owner(instance), text))!
        : new SortedDictionary<string, string>();

    public static void SealKeys(this SecretSealer sealer, Instance instance, IReadOnlyDictionary<string, string> keys) =>
        instance.SealedKeys = keys.Count == 0 ? null : sealer.Seal(instance.OrganizationId, SecretPurposes.InstancePassword, Owner(instance), JsonSerializer.Serialize(keys));

    static string Owner(Instance instance) => $"{instance.Id} keys";
}
