using ControlPlane.Client;

namespace ControlPlane.Web.Components;

/// <summary>A plan's entitlements as people read them.</summary>
static class PlanLines
{
    public static IEnumerable<string> Of(PlanResource plan) =>
    [
        $"{Words.Number(plan.Entitlements.ConnectionsMax)} connections",
        $"{Words.Megabytes(plan.Entitlements.MemoryMb)} memory, {Words.Megabytes(plan.Entitlements.StorageMb)} storage",
        $"Backups {Every(plan.Entitlements.BackupEveryMinutesMin)}, {Words.Number(plan.Entitlements.BackupsKeptMax)} kept",
        $"Up to {Words.Count(plan.Entitlements.InstancesMax, "instance")}",
    ];

    static string Every(int minutes) => minutes switch
    {
        >= 1440 => "every day",
        >= 60 when minutes % 60 == 0 => minutes == 60 ? "every hour" : $"every {minutes / 60} hours",
        _ => $"every {minutes} minutes",
    };
}
