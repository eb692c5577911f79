using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using ControlPlane.Api.Http;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ControlPlane.Api.Rules;

/// <summary>
/// What an organization may have: so many instances on a plan, each with a name of its own. Creating, undeleting, changing the plan and
/// restoring to a new instance all ask here, holding a lock on the organization, so that calls side by side cannot exceed it together.
/// </summary>
sealed class InstanceAdmission(ControlPlaneDb db, PlanPurchase purchase, SecretSealer sealer, IOptions<InstanceOptions> options, TimeProvider clock)
{
    internal static readonly Problem NameTaken = new("instance_name_taken", 409, "Your organization already has an instance with this name. Choose another name.");
    internal static readonly Problem PlanUnknown = new("plan_unknown", 422, "There is no plan with this key. GET /v1/plans lists them.");
    internal static readonly Problem RegionUnknown = new("region_unknown", 422, "There is no region with this key.");
    internal static readonly Problem QuotaReached = new("instance_quota_reached", 409, "Your organization has as many instances as this plan allows. Delete one, or choose a larger plan.");
    internal static readonly Problem[] Refusals = [NameTaken, PlanUnknown, RegionUnknown, QuotaReached, .. PlanPurchase.Refusals];
    const int KeptBackupsDefault = 7;

    /// <summary>Held until the transaction ends.</summary>
    internal Task LockOrganizationAsync(OrganizationId organization, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"SELECT FROM organizations WHERE id = {organization.Value} FOR UPDATE", cancel);

    internal async Task<Problem?> RefuseNameAsync(string name, CancellationToken cancel) =>
        await db.Instances.AnyAsync(i => i.Name == name && i.Desired != DesiredState.Deleted, cancel)
            ? NameTaken.Saying($"Your organization already has an instance named {name}. Choose another name.")
            : null;

    internal async Task<Problem?> RefuseOneMoreAsync(PlanOffer offer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var granted = await db.EntitlementOverrides.Where(o => o.InstanceId == null && o.Key == EntitlementKeys.InstancesMax && o.RevokedAt == null && (o.ExpiresAt == null || o.ExpiresAt > now))
            .OrderByDescending(o => o.CreatedAt).Select(o => o.Value).FirstOrDefaultAsync(cancel);
        var max = granted is null ? offer.Limits.InstancesMax : int.Parse(granted, CultureInfo.InvariantCulture);
        return await db.Instances.CountAsync(i => i.PlanKey == offer.Plan.Key && i.Desired != DesiredState.Deleted, cancel) >= max
            ? QuotaReached.Saying(string.Create(CultureInfo.InvariantCulture, $"Your organization has {max} instances on the plan {offer.Plan.Name}, which is all it allows. Delete one, or choose a larger plan."))
            : null;
    }

    /// <summary>The current version of a plan that anybody can choose.</summary>
    internal async Task<PlanOffer?> FindPlanAsync(string? key, CancellationToken cancel) =>
        await db.FindOfferAsync(key ?? SeedPlans.FreeKey, null, cancel) is { Plan: { IsAddOn: false, IsPublic: true } } offer ? offer : null;

    /// <summary>A new instance with its secrets and its backup policy, added to what will be saved; or why not.</summary>
    internal async Task<(Instance? Instance, Problem? Refusal)> AdmitAsync(Caller caller, string name, string? planKey, string? region, PlanChoice choice, CancellationToken cancel)
    {
        var organization = caller.Organization;
        if (await FindPlanAsync(planKey, cancel) is not { } plan)
            return (null, PlanUnknown.Saying($"There is no plan with the key {planKey}. GET /v1/plans lists them."));
        if (region is not null && region != options.Value.DefaultRegion && !options.Value.Regions.Contains(region))
            return (null, RegionUnknown.Saying($"There is no region {region}. There are: {string.Join(", ", options.Value.Regions.Prepend(options.Value.DefaultRegion))}."));
        await LockOrganizationAsync(organization, cancel);
        if (await RefuseNameAsync(name, cancel) is { } taken)
            return (null, taken);
        if (await RefuseOneMoreAsync(plan, cancel) is { } full)
            return (null, full);

        var id = InstanceId.New(clock);
        var instance = new Instance
        {
            Id = id,
            OrganizationId = organization,
            Name = name,
            PlanKey = plan.Plan.Key,
            PlanVersion = plan.Version.Version,
            Region = region ?? options.Value.DefaultRegion,
            CreatedAt = clock.GetUtcNow(),
            SealedPassword = SealNewPassword(organization, id),
            SealedAdminToken = sealer.Seal(organization, SecretPurposes.InstanceAdminToken, id.ToString(), NewSecret()),
        };
        db.Instances.Add(instance);
        AddBackupPolicy(instance, plan.Limits);
        return await purchase.StartAsync(caller, instance, plan, choice, cancel) is { } refusal ? (null, refusal) : (instance, null);
    }

    internal string SealNewPassword(OrganizationId organization, InstanceId instance) =>
        sealer.Seal(organization, SecretPurposes.InstancePassword, instance.ToString(), NewSecret());

    void AddBackupPolicy(Instance instance, InstanceLimits limits)
    {
        var policy = new BackupPolicy
        {
            InstanceId = instance.Id,
            OrganizationId = instance.OrganizationId,
            Enabled = true,
            Schedule = BackupSchedule.Daily,
            // Spread over the day, each instance at an hour of its own.
            AtHour = instance.Id.Value.ToByteArray()[15] % 24,
            Keep = Math.Min(KeptBackupsDefault, limits.BackupsKeptMax),
        };
        policy.NextRunAt = policy.NextAfter(clock.GetUtcNow());
        db.BackupPolicies.Add(policy);
    }

    /// <summary>256 random bits that need no escaping in a URL.</summary>
    static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
