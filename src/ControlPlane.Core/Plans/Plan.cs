namespace ControlPlane.Core.Plans;

/// <summary>What an instance may use and what it costs. The entitlements are limits that container, server and Api enforce.</summary>
public sealed class Plan
{
    public required string Key { get; init; }
    public required string Name { get; init; }
    public required string Summary { get; init; }

    /// <summary>Order in the catalogue; a change to a lower position is a downgrade.</summary>
    public required int Position { get; init; }

    /// <summary>Per month, in the smallest unit of <see cref="Currency"/>.</summary>
    public required long PriceMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>How many instances on this plan one organization may have, deleted ones not counted.</summary>
    public required int InstancesMax { get; init; }
    public required int MemoryMb { get; init; }
    public required int CpuMillis { get; init; }
    public required int ConnectionsMax { get; init; }
    public required int StorageMb { get; init; }
    public required int BackupsKeptMax { get; init; }
    public required int BackupEveryMinutesMin { get; init; }

    public long MemoryBytes => MemoryMb * 1024L * 1024;
    public long StorageBytes => StorageMb * 1024L * 1024;
}

/// <summary>The catalogue that a new database starts with.</summary>
public static class SeedPlans
{
    public const string FreeKey = "free";

    public static IReadOnlyList<Plan> All { get; } =
    [
        new()
        {
            Key = FreeKey, Name = "Free", Summary = "For trying out and for side projects.", Position = 0, PriceMinor = 0, Currency = "USD",
            InstancesMax = 2, MemoryMb = 128, CpuMillis = 250, ConnectionsMax = 50, StorageMb = 256, BackupsKeptMax = 3, BackupEveryMinutesMin = 24 * 60,
        },
        new()
        {
            Key = "pro", Name = "Pro", Summary = "For a product with customers.", Position = 1, PriceMinor = 2900, Currency = "USD",
            InstancesMax = 10, MemoryMb = 512, CpuMillis = 1000, ConnectionsMax = 500, StorageMb = 5 * 1024, BackupsKeptMax = 48, BackupEveryMinutesMin = 15,
        },
        new()
        {
            Key = "pro-plus", Name = "Pro Plus", Summary = "For many workers and long queues.", Position = 2, PriceMinor = 9900, Currency = "USD",
            InstancesMax = 50, MemoryMb = 2048, CpuMillis = 2000, ConnectionsMax = 2000, StorageMb = 50 * 1024, BackupsKeptMax = 168, BackupEveryMinutesMin = 5,
        },
    ];
}
