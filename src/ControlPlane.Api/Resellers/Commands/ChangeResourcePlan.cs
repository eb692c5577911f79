using ControlPlane.Api.Rules;
using ControlPlane.Core.Data;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Moves a resource to another plan, at once in both directions: its platform bills by what it asked for last.</summary>
sealed class ChangeResourcePlan(ControlPlaneDb db, ResourceWork work, InstanceAdmission admission, PlanPurchase purchase, TimeProvider clock)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, string plan, CancellationToken cancel)
    {
        var what = $"change-plan {plan}";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        var (resource, instance, caller) = open;
        if (await admission.FindPlanAsync(plan, cancel) is not { } offer)
            return CommandResult.Refused(InstanceAdmission.PlanUnknown.Saying($"There is no plan with the key {plan}. GET /v1/plans lists them."), resource);
        if (instance.PlanKey == offer.Plan.Key)
            return await work.KeepAsync(by, resource, request, what, cancel);
        if (by.Reseller.Status == ResellerStatus.Suspended)
            return CommandResult.Refused(ResellerProblems.Suspended, resource);
        if (await admission.RefuseOneMoreAsync(offer, cancel) is { } full)
            return CommandResult.Refused(full, resource);

        var from = instance.PlanKey;
        var refusal = await db.InFleetAsync(async () =>
        {
            if (await PlanLimits.RefuseUseAsync(db, instance, offer, cancel) is { } tooMuch)
                return tooMuch;
            if (by.Integration.IsSandbox)
                (instance.PlanKey, instance.PlanVersion) = (offer.Plan.Key, offer.Version.Version);
            else if ((await purchase.ChangeAsync(caller, instance, offer, PlanChoice.AtOnce, cancel)).Refusal is { } problem)
                return problem;
            var (row, _) = await db.RefreshEntitlementsAsync(instance, clock, cancel);
            await PlanLimits.FitBackupPolicyAsync(db, instance, row.Limits, clock, cancel);
            return null;
        }, cancel);
        if (refusal is not null)
            return CommandResult.Refused(refusal, resource);
        resource.PlanKey = offer.Plan.Key;
        return await work.FileAsync(by, open, request, what, OperationKinds.InstanceChangePlan, "instance.plan_changed", $"from {from} to {offer.Plan.Key}", WebhookEvents.ResourcePlanChanged, cancel);
    }
}
