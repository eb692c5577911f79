using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/change-plan</summary>
static class ChangePlan
{
    const int MinutesOfDay = 24 * 60;

    static readonly Problem PlanUnchanged = new("plan_unchanged", 409, "This instance is on that plan already.");
    static readonly Problem StorageExceedsPlan = new("storage_exceeds_plan", 409, "This instance holds more data than that plan allows. Work off or clear queues first, or choose a larger plan.");
    static readonly Problem ConnectionsExceedPlan = new("connections_exceed_plan", 409, "More workers are connected than that plan allows. Stop some first, or choose a larger plan.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/change-plan", HandleAsync)
        .Describe("Instances", "change_plan", "Move an instance to another plan", "Its limits change while it runs. A smaller plan must hold what the instance has stored.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new ChangePlanRequest("pro"))
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, InstanceAdmission.PlanUnknown, PlanUnchanged, InstanceAdmission.QuotaReached, StorageExceedsPlan, ConnectionsExceedPlan);

    static async Task<Answer<OperationResource>> HandleAsync(
        string id, ChangePlanRequest request, Caller caller, InstanceAdmission admission, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (await admission.FindPlanAsync(request.Plan, cancel) is not { } plan)
            return InstanceAdmission.PlanUnknown.Saying($"There is no plan with the key {request.Plan}. GET /v1/plans lists them.");
        if (plan.Key == instance.PlanKey)
            return PlanUnchanged;
        if (await admission.RefuseOneMoreAsync(plan, cancel) is { } full)
            return full;
        if (await RefuseUseAsync(instance, plan, db, cancel) is { } tooMuch)
            return tooMuch;

        var detail = $"from {instance.PlanKey} to {plan.Key}";
        instance.PlanKey = plan.Key;
        await FitBackupPolicyAsync(instance, plan, db, clock, cancel);
        return await db.FileAsync(instance, OperationKinds.InstanceChangePlan, caller, "instance.plan_changed", detail, clock, cancel);
    }

    /// <summary>By the latest sample: a plan never takes away room that is in use.</summary>
    static async Task<Problem?> RefuseUseAsync(Instance instance, Plan plan, ControlPlaneDb db, CancellationToken cancel)
    {
        var latest = await db.InstanceSamples.Where(s => s.InstanceId == instance.Id).OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel);
        if (latest?.StorageBytes > plan.StorageBytes)
            return StorageExceedsPlan.Saying(string.Create(CultureInfo.InvariantCulture,
                $"This instance holds {ToMegabytes(latest.StorageBytes)} MB and the plan {plan.Name} allows {plan.StorageMb} MB. Work off or clear queues first, or choose a larger plan."));
        if (latest?.Connections > plan.ConnectionsMax)
            return ConnectionsExceedPlan.Saying(string.Create(CultureInfo.InvariantCulture,
                $"{latest.Connections} connections are open and the plan {plan.Name} allows {plan.ConnectionsMax}. Stop some workers first, or choose a larger plan."));
        return null;
    }

    /// <summary>A policy that the new plan does not allow is brought to its limits rather than left failing.</summary>
    static async Task FitBackupPolicyAsync(Instance instance, Plan plan, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.BackupPolicies.SingleOrDefaultAsync(p => p.InstanceId == instance.Id, cancel) is not { } policy)
            return;
        policy.Keep = Math.Min(policy.Keep, plan.BackupsKeptMax);
        if (policy.IntervalMinutes >= plan.BackupEveryMinutesMin)
            return;
        (policy.Schedule, policy.EveryMinutes) = plan.BackupEveryMinutesMin >= MinutesOfDay ? (BackupSchedule.Daily, null) : (BackupSchedule.Minutes, (int?)plan.BackupEveryMinutesMin);
        policy.NextRunAt = policy.NextAfter(clock.GetUtcNow());
    }

    static long ToMegabytes(long bytes) => (bytes + 1024 * 1024 - 1) / (1024 * 1024);
}
