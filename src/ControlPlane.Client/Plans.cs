namespace ControlPlane.Client;

/// <summary>A plan of GET /v1/plans, public.</summary>
/// <param name="PriceMinor">Per month, in the smallest unit of the currency; 0 is free.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="TrialDays">Days before the first payment, once for an organization.</param>
/// <param name="Prices">In every currency and interval it is sold in.</param>
/// <param name="Features">What the job server's <c>features</c> the plan has on.</param>
/// <param name="Values">Everything it entitles to, by key.</param>
public sealed record PlanResource(
    string Key, string Name, string Summary, long PriceMinor, string Currency, EntitlementsResource Entitlements, int Version, int TrialDays, IReadOnlyList<PriceResource> Prices,
    IReadOnlyList<string> Features, IReadOnlyDictionary<string, string> Values);

/// <summary>Something that adds to an instance, of GET /v1/add-ons.</summary>
/// <param name="Values">What one of it adds, by key.</param>
public sealed record AddOnResource(string Key, string Name, string Summary, int Version, IReadOnlyList<PriceResource> Prices, IReadOnlyDictionary<string, string> Values);

/// <param name="Interval">month or year.</param>
/// <param name="AmountMinor">Without tax, in the smallest unit of the currency.</param>
/// <param name="OverageMinor">For each begun 100,000 jobs beyond what is included; null where there is no overage.</param>
public sealed record PriceResource(string Currency, string Interval, long AmountMinor, long? OverageMinor);

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
