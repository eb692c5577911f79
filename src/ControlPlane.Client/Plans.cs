namespace ControlPlane.Client;

/// <summary>A plan of GET /v1/plans, public.</summary>
/// <param name="PriceMinor">Per month, in the smallest unit of the currency; 0 is free.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
public sealed record PlanResource(string Key, string Name, string Summary, long PriceMinor, string Currency, EntitlementsResource Entitlements);

/// <summary>The limits that a plan sets and the service enforces.</summary>
/// <param name="InstancesMax">How many instances on this plan one organization may have.</param>
/// <param name="CpuMillis">Thousandths of a processor.</param>
/// <param name="BackupEveryMinutesMin">The shortest interval a backup policy may ask for.</param>
public sealed record EntitlementsResource(
    int InstancesMax,
    int MemoryMb,
    int CpuMillis,
    int ConnectionsMax,
    int StorageMb,
    int BackupsKeptMax,
    int BackupEveryMinutesMin);
