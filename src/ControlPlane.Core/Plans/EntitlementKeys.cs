using System.Collections.Frozen;
using System.Globalization;

namespace ControlPlane.Core.Plans;

public enum EntitlementKind
{
    /// <summary>A whole number; an add-on adds to it.</summary>
    Count,

    /// <summary>A whole number of which less is more; the smallest counts.</summary>
    Least,

    /// <summary>true or false; one true is enough.</summary>
    Switch,

    /// <summary>One of the words that its definition lists, the best last.</summary>
    Word,
}

/// <param name="Unit">Of a number, for people.</param>
/// <param name="Words">Of a <see cref="EntitlementKind.Word"/>, the best last.</param>
public sealed record EntitlementKey(string Name, EntitlementKind Kind, string Meaning, string Unit = "", params string[] Words);

/// <summary>Everything that a plan can entitle to. A key that is not here is refused.</summary>
public static class EntitlementKeys
{
    public const string InstancesMax = "instances.max";
    public const string MemoryMb = "instance.memory_mb";
    public const string CpuMillis = "instance.cpu_millis";
    public const string ConnectionsMax = "instance.connections.max";
    public const string StorageMb = "instance.storage_mb";
    public const string BackupsKeptMax = "backups.kept_max";
    public const string BackupEveryMinutesMin = "backups.every_minutes_min";
    public const string JobsIncluded = "jobs.included";
    public const string SupportLevel = "support.level";

    /// <summary>False while a debt forbids growth: nothing new, nothing larger.</summary>
    public const string GrowthAllowed = "growth.allowed";

    /// <summary>False while a debt keeps the instance stopped.</summary>
    public const string ServiceRunning = "service.running";

    /// <summary>The features that the job server can switch; its own name follows.</summary>
    public const string FeaturePrefix = "features.";

    static readonly string[] features = ["batches", "cancel", "cron", "debounce", "expiring", "throttles", "tracking", "unique", "weights"];

    public static IReadOnlyList<string> Features => features;

    public static FrozenDictionary<string, EntitlementKey> All { get; } = new EntitlementKey[]
    {
        new(InstancesMax, EntitlementKind.Count, "instances on this plan in one organization"),
        new(MemoryMb, EntitlementKind.Count, "memory of an instance", "MB"),
        new(CpuMillis, EntitlementKind.Count, "processor of an instance", "thousandths"),
        new(ConnectionsMax, EntitlementKind.Count, "connections of an instance"),
        new(StorageMb, EntitlementKind.Count, "storage of an instance", "MB"),
        new(BackupsKeptMax, EntitlementKind.Count, "backups that are kept"),
        new(BackupEveryMinutesMin, EntitlementKind.Least, "shortest time between backups", "minutes"),
        new(JobsIncluded, EntitlementKind.Count, "jobs a month that are included", "jobs"),
        new(SupportLevel, EntitlementKind.Word, "support", "", "community", "email", "priority"),
        new(GrowthAllowed, EntitlementKind.Switch, "new instances and larger plans"),
        new(ServiceRunning, EntitlementKind.Switch, "the instance may run"),
    }.Concat(features.Select(f => new EntitlementKey(FeaturePrefix + f, EntitlementKind.Switch, $"the job server's {f}"))).ToFrozenDictionary(k => k.Name);

    /// <summary>Whether the value is one that the key can have: a number from 0, true or false, or one of its words.</summary>
    public static bool IsValid(string key, string value) => All.TryGetValue(key, out var known) && known.Kind switch
    {
        EntitlementKind.Switch => value is "true" or "false",
        EntitlementKind.Word => known.Words.Contains(value),
        _ => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
    };
}
