using System.Globalization;
using ControlPlane.Api.Http;
using ControlPlane.Api.Resources;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Backups;

/// <summary>PUT /v1/instances/{id}/backup-policy</summary>
static class PutBackupPolicy
{
    static readonly Problem IntervalMissing = new("invalid_every_minutes", 400, "The schedule minutes needs every_minutes: 5 to 1440.");
    static readonly Problem HourMissing = new("invalid_at_hour", 400, "The schedule daily needs at_hour: 0 to 23, in UTC.");
    static readonly Problem TooOften = new("backups_too_frequent", 409, "The plan of this instance does not allow backups that often. Choose a longer interval, or a larger plan.");
    static readonly Problem TooMany = new("backups_kept_exceed_plan", 409, "The plan of this instance does not keep that many backups. Keep fewer, or choose a larger plan.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPut("/instances/{id}/backup-policy", HandleAsync)
        .Describe("Backups", "put_backup_policy", "Set when an instance is backed up", "`next_run_at` and `last_succeeded_at` are read only. The plan sets how often and how many.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new BackupPolicyResource(true, "daily", null, 3, 3))
        .Answers<BackupPolicyResource>(200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted, IntervalMissing, HourMissing, TooOften, TooMany);

    static async Task<Answer<BackupPolicyResource>> HandleAsync(
        string id, BackupPolicyResource request, Caller caller, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        var schedule = LowercaseEnum<BackupSchedule>.Parse(request.Schedule);
        if (schedule == BackupSchedule.Minutes && request.EveryMinutes is null)
            return IntervalMissing;
        if (schedule == BackupSchedule.Daily && request.AtHour is null)
            return HourMissing;

        var policy = await db.BackupPolicies.SingleAsync(p => p.InstanceId == instance.Id, cancel);
        policy.Enabled = request.Enabled;
        policy.Schedule = schedule;
        policy.EveryMinutes = schedule == BackupSchedule.Minutes ? request.EveryMinutes : null;
        policy.AtHour = schedule == BackupSchedule.Daily ? request.AtHour : null;
        policy.Keep = request.Keep;
        var plan = await db.Plans.Where(p => p.Key == instance.PlanKey).Select(p => p.Name).SingleAsync(cancel);
        if (Refuse(policy, plan, (await db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == instance.Id, cancel)).Limits) is { } tooMuch)
            return tooMuch;
        policy.NextRunAt = policy.NextAfter(clock.GetUtcNow());
        db.Write(caller.Organization, caller.Actor, "backup_policy.changed", instance.Id.ToString(), Describe(policy), clock);
        return policy.ToResource();
    }

    static Problem? Refuse(BackupPolicy policy, string plan, InstanceLimits limits)
    {
        if (policy.IntervalMinutes < limits.BackupEveryMinutesMin)
            return TooOften.Saying(string.Create(CultureInfo.InvariantCulture,
                $"The plan {plan} backs up every {limits.BackupEveryMinutesMin} minutes at most. Choose a longer interval, or a larger plan."));
        if (policy.Keep > limits.BackupsKeptMax)
            return TooMany.Saying(string.Create(CultureInfo.InvariantCulture, $"The plan {plan} keeps {limits.BackupsKeptMax} backups at most. Keep fewer, or choose a larger plan."));
        return null;
    }

    static string Describe(BackupPolicy policy) => string.Create(CultureInfo.InvariantCulture,
        $"{(policy.Enabled ? "on" : "off")}, {policy.Schedule.ToText()}, every {policy.IntervalMinutes} minutes, keep {policy.Keep}");
}
