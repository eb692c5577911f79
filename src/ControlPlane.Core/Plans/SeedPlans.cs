using System.Globalization;

namespace ControlPlane.Core.Plans;

/// <summary>The catalogue that a new database starts with. An operator changes it by new versions, never here.</summary>
public static class SeedPlans
{
    public const string FreeKey = "free";

    static readonly DateTimeOffset since = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] freeFeatures = ["expiring", "cancel"];
    static readonly string[] hobbyFeatures = [.. freeFeatures, "unique", "cron", "tracking"];

    static readonly Offer[] offers =
    [
        new(FreeKey, "Free", "For trying out and for side projects.", 0, 0, 0, 0, 100_000, "community", freeFeatures, new(2, 128, 250, 50, 256, 3, 24 * 60)),
        new("hobby", "Hobby", "For something small that somebody relies on.", 1, 900, 0, 0, 1_000_000, "community", hobbyFeatures, new(3, 256, 500, 100, 1024, 7, 6 * 60)),
        new("pro", "Pro", "For a product with customers.", 2, 2900, 10, 0, 10_000_000, "email", EntitlementKeys.Features, new(10, 512, 1000, 500, 5 * 1024, 48, 15)),
        new("business", "Business", "For many workers and long queues.", 3, 9900, 8, 14, 100_000_000, "priority", EntitlementKeys.Features, new(50, 2048, 2000, 2000, 50 * 1024, 168, 5)),
    ];

    public static IReadOnlyList<Product> Products { get; } = [new() { Key = Product.HostingKey, Name = "Faktory hosting" }, new() { Key = Product.SupportKey, Name = "Support" }];

    public static IReadOnlyList<Plan> All { get; } =
    [
        .. offers.Select(o => new Plan { Key = o.Key, ProductKey = Product.HostingKey, Name = o.Name, Summary = o.Summary, Position = o.Position, CurrentVersion = 1 }),
        new() { Key = "storage-10gb", ProductKey = Product.HostingKey, Name = "10 GB more", Summary = "Room for longer queues.", Position = 10, IsAddOn = true, CurrentVersion = 1 },
        new() { Key = "priority-support", ProductKey = Product.SupportKey, Name = "Priority support", Summary = "Answers first.", Position = 11, IsAddOn = true, CurrentVersion = 1 },
    ];

    public static IReadOnlyList<PlanVersion> Versions { get; } =
        [.. All.Select(p => new PlanVersion { PlanKey = p.Key, Version = 1, TrialDays = offers.FirstOrDefault(o => o.Key == p.Key)?.TrialDays ?? 0, CreatedAt = since, CreatedBy = "seed", SealedAt = since })];

    /// <summary>A year costs ten months; euro prices are the dollar's.</summary>
    public static IReadOnlyList<PlanPrice> Prices { get; } =
    [
        .. from price in offers.Select(o => (o.Key, o.MonthMinor, o.OverageMinor)).Append(("storage-10gb", 500, 0)).Append(("priority-support", 4900, 0))
           from currency in (string[])["USD", "EUR"]
           from interval in Enum.GetValues<BillingInterval>()
           select new PlanPrice
           {
               PlanKey = price.Item1, Version = 1, Currency = currency, Interval = interval, AmountMinor = interval == BillingInterval.Month ? price.Item2 : price.Item2 * 10L,
               OverageMinor = price.Item3 == 0 ? null : price.Item3,
           },
    ];

    public static IReadOnlyList<PlanEntitlement> Entitlements { get; } =
    [
        .. offers.SelectMany(o => Values(o).Select(v => Entitlement(o.Key, v.Key, v.Value))),
        Entitlement("storage-10gb", EntitlementKeys.StorageMb, "10240"),
        Entitlement("priority-support", EntitlementKeys.SupportLevel, "priority"),
    ];

    static PlanEntitlement Entitlement(string plan, string key, string value) => new() { PlanKey = plan, Version = 1, Key = key, Value = value };

    static IEnumerable<(string Key, string Value)> Values(Offer offer) =>
    [
        (EntitlementKeys.InstancesMax, Text(offer.Limits.Instances)), (EntitlementKeys.MemoryMb, Text(offer.Limits.MemoryMb)), (EntitlementKeys.CpuMillis, Text(offer.Limits.CpuMillis)),
        (EntitlementKeys.ConnectionsMax, Text(offer.Limits.Connections)), (EntitlementKeys.StorageMb, Text(offer.Limits.StorageMb)), (EntitlementKeys.BackupsKeptMax, Text(offer.Limits.BackupsKept)),
        (EntitlementKeys.BackupEveryMinutesMin, Text(offer.Limits.BackupEveryMinutes)), (EntitlementKeys.JobsIncluded, Text(offer.JobsIncluded)), (EntitlementKeys.SupportLevel, offer.Support),
        .. EntitlementKeys.Features.Select(f => (EntitlementKeys.FeaturePrefix + f, offer.Features.Contains(f) ? "true" : "false")),
    ];

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    sealed record Offer(
        string Key, string Name, string Summary, int Position, int MonthMinor, int OverageMinor, int TrialDays, int JobsIncluded, string Support, IReadOnlyList<string> Features, Limits Limits);

    sealed record Limits(int Instances, int MemoryMb, int CpuMillis, int Connections, int StorageMb, int BackupsKept, int BackupEveryMinutes);
}
