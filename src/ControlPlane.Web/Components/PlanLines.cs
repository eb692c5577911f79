using ControlPlane.Client;
using ControlPlane.Web.Components.Billing;

namespace ControlPlane.Web.Components;

/// <summary>A plan's entitlements as people read them.</summary>
static class PlanLines
{
    static readonly Dictionary<string, string> features = new()
    {
        ["batches"] = "batches",
        ["cancel"] = "cancelling jobs",
        ["cron"] = "cron",
        ["debounce"] = "debouncing",
        ["expiring"] = "expiring jobs",
        ["throttles"] = "throttles",
        ["tracking"] = "tracking",
        ["unique"] = "unique jobs",
        ["weights"] = "weighted queues",
    };

    public static IEnumerable<string> Of(PlanResource plan) =>
    [
        $"{Words.Number(plan.Entitlements.ConnectionsMax)} connections",
        $"{Words.Megabytes(plan.Entitlements.MemoryMb)} memory, {Words.Megabytes(plan.Entitlements.StorageMb)} storage",
        $"Backups {Every(plan.Entitlements.BackupEveryMinutesMin)}, {Words.Number(plan.Entitlements.BackupsKeptMax)} kept",
        $"Up to {Words.Count(plan.Entitlements.InstancesMax, "instance")}",
        .. Jobs(plan),
        .. plan.Features.Count == 0 ? (string[])[] : [$"With {string.Join(", ", plan.Features.Select(Feature))}"],
    ];

    /// <summary>The job server's word for a feature, as people say it.</summary>
    public static string Feature(string name) => features.GetValueOrDefault(name) ?? Words.Plain(name).ToLowerInvariant();

    /// <summary>What it costs in this currency and interval; the monthly price where it is not sold so.</summary>
    public static string Price(PlanResource plan, string? currency, string? interval)
    {
        if (plan.PriceMinor == 0)
            return "Free";
        var price = plan.Prices.FirstOrDefault(p => p.Currency == currency && p.Interval == interval) ?? new PriceResource(plan.Currency, "month", plan.PriceMinor, null);
        return $"{Amounts.Short(price.AmountMinor, price.Currency)} / {price.Interval}";
    }

    static IEnumerable<string> Jobs(PlanResource plan)
    {
        if (!long.TryParse(plan.Values.GetValueOrDefault("jobs.included"), out var included))
            yield break;
        var overage = plan.Prices.FirstOrDefault(p => p.Currency == plan.Currency)?.OverageMinor;
        yield return $"{Words.Number(included)} jobs a month{(overage is { } each ? $", {Amounts.Short(each, plan.Currency)} for each 100,000 more" : "")}";
    }

    static string Every(int minutes) => minutes switch
    {
        >= 1440 => "every day",
        >= 60 when minutes % 60 == 0 => minutes == 60 ? "every hour" : $"every {minutes / 60} hours",
        _ => $"every {minutes} minutes",
    };
}
