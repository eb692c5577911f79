using ControlPlane.Api.Http;
using ControlPlane.Api.Resellers;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/change-plan</summary>
static class ChangePlan
{
    static readonly Problem PlanUnchanged = new("plan_unchanged", 409, "This instance is on that plan already.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/change-plan", HandleAsync)
        .Describe("Instances", "change_plan", "Move an instance to another plan",
            "Its limits change while it runs. A larger plan begins at once and the rest of the period is charged; POST /v1/billing/preview shows how much. A smaller one begins when the " +
            "period that is paid for ends, and `next_plan` of the instance says so, unless `when` is `now`: then unused time goes to your balance, and what is stored must fit.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Example(new ChangePlanRequest("pro"))
        .Answers<OperationResource>(202, 200)
        .Refuses([InstanceLookup.NotFound, InstanceLookup.Deleted, ResellerProblems.OwnPlan, InstanceAdmission.PlanUnknown, PlanUnchanged, InstanceAdmission.QuotaReached, PlanLimits.StorageExceedsPlan, PlanLimits.ConnectionsExceedPlan,
            PlanPurchase.PreviewExpired, .. PlanPurchase.Refusals]);

    static async Task<Answer<OperationResource>> HandleAsync(
        string id, ChangePlanRequest request, Caller caller, InstanceAdmission admission, PlanPurchase purchase, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        // Before the instance, as whatever changes instances because of money does it.
        await db.LockBillingAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        if (await admission.FindPlanAsync(request.Plan, cancel) is not { } offer)
            return InstanceAdmission.PlanUnknown.Saying($"There is no plan with the key {request.Plan}. GET /v1/plans lists them.");
        if (await db.IsPlanOfResellerAsync(instance.Id, cancel))
            return ResellerProblems.OwnPlan;
        if (offer.Plan.Key == instance.PlanKey)
            return await KeepAsync(instance, caller, purchase, db, clock, cancel);
        if (await admission.RefuseOneMoreAsync(offer, cancel) is { } full)
            return full;

        var time = request.When == "now" ? ChangeTime.Now : ChangeTime.PeriodEnd;
        var from = instance.PlanKey;
        return await db.InFleetAsync(async () =>
        {
            var (change, _, problem) = await purchase.ChangeAsync(caller, instance, offer, new PlanChoice(time, request.ProrationAt, request.ExpectedTotalMinor), cancel);
            if (change is null)
                return (Answer<OperationResource>)problem!;
            if (change.IsNow && await PlanLimits.RefuseUseAsync(db, instance, offer, cancel) is { } tooMuch)
                return tooMuch;
            var (row, _) = await db.RefreshEntitlementsAsync(instance, clock, cancel);
            if (change.IsNow)
                await PlanLimits.FitBackupPolicyAsync(db, instance, row.Limits, clock, cancel);
            var detail = $"from {from} to {offer.Plan.Key}{(change.IsNow ? "" : $", on {change.EffectiveAt:u}")}";
            return await db.FileAsync(instance, OperationKinds.InstanceChangePlan, caller, "instance.plan_changed", detail, clock, cancel);
        }, cancel);
    }

    /// <summary>Asking for the plan that it has takes back a change that waits for the period's end.</summary>
    static async Task<Answer<OperationResource>> KeepAsync(Instance instance, Caller caller, PlanPurchase purchase, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel) => await db.InFleetAsync(async () =>
    {
        if (await db.FindItemAsync(instance, cancel) is not { } item || (item.NextPlanKey is null && !item.CancelsAtPeriodEnd))
            return (Answer<OperationResource>)PlanUnchanged;
        item.Keep();
        await db.SaveChangesAsync(cancel);
        await purchase.SayEndAsync(instance, cancel);
        return await db.FileAsync(instance, OperationKinds.InstanceChangePlan, caller, "instance.plan_kept", $"stays on {instance.PlanKey}", clock, cancel);
    }, cancel);
}
