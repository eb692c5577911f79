using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>Whether an instance fits a plan, and what is made to fit.</summary>
static class PlanLimits
{
    const int MinutesOfDay = 24 * 60;

    internal static readonly Problem StorageExceedsPlan = new("storage_exceeds_plan", 409, "This instance holds more data than that plan allows. Work off or clear queues first, or choose a larger plan.");
    internal static readonly Problem ConnectionsExceedPlan = new("connections_exceed_plan", 409, "More workers are connected than that plan allows. Stop some first, or choose a larger plan.");

    /// <summary>By the latest sample: a plan never takes away room that is in use.</summary>
    internal static async Task<Problem?> RefuseUseAsync(this ControlPlaneDb db, Instance instance, PlanOffer offer, CancellationToken cancel)
    {
        var (plan, limits) = (offer.Plan, offer.Limits);
        var latest = await db.InstanceSamples.Where(s => s.InstanceId == instance.Id).OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel);
        if (latest?.StorageBytes > limits.StorageBytes)
            return StorageExceedsPlan.Saying(string.Create(CultureInfo.InvariantCulture,
                $"This instance holds {ToMegabytes(latest.StorageBytes)} MB and the plan {plan.Name} allows {limits.StorageMb} MB. Work off or clear queues first, or choose a larger plan."));
        if (latest?.Connections > limits.ConnectionsMax)
            return ConnectionsExceedPlan.Saying(string.Create(CultureInfo.InvariantCulture,
                $"{latest.Connections} connections are open and the plan {plan.Name} allows {limits.ConnectionsMax}. Stop some workers first, or choose a larger plan."));
        return null;
    }

    /// <summary>A policy that the new plan does not allow is brought to its limits rather than left failing.</summary>
    internal static async Task FitBackupPolicyAsync(this ControlPlaneDb db, Instance instance, InstanceLimits limits, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.BackupPolicies.SingleOrDefaultAsync(p => p.InstanceId == instance.Id, cancel) is not { } policy)
            return;
        policy.Keep = Math.Min(policy.Keep, limits.BackupsKeptMax);
        if (policy.IntervalMinutes >= limits.BackupEveryMinutesMin)
            return;
        (policy.Schedule, policy.EveryMinutes) = limits.BackupEveryMinutesMin >= MinutesOfDay ? (BackupSchedule.Daily, null) : (BackupSchedule.Minutes, (int?)limits.BackupEveryMinutesMin);
        policy.NextRunAt = policy.NextAfter(clock.GetUtcNow());
    }

    static long ToMegabytes(long bytes) => (bytes + 1024 * 1024 - 1) / (1024 * 1024);
}
