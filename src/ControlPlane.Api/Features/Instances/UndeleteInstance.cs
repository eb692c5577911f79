using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>POST /v1/instances/{id}/undelete</summary>
static class UndeleteInstance
{
    static readonly Problem NotDeleted = new("instance_not_deleted", 409, "This instance is not deleted.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/instances/{id}/undelete", HandleAsync)
        .Describe("Instances", "undelete_instance", "Bring a deleted instance back", "Within 14 days of its deletion, with all its jobs.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, NotDeleted, InstanceAdmission.NameTaken, InstanceAdmission.QuotaReached, PlanPurchase.PaymentOverdue, InstanceLookup.SuspendedByReseller);

    static async Task<Answer<OperationResource>> HandleAsync(
        string id, Caller caller, InstanceAdmission admission, PlanPurchase purchase, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        await admission.LockOrganizationAsync(caller.Organization, cancel);
        if (await db.LockInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        if (!instance.IsDeletedOrGoing)
            return NotDeleted;
        if (instance.IsSuspendedByReseller || instance.IsSuspendedForResellerDebt)
            return InstanceLookup.SuspendedByReseller;
        if (await purchase.RefuseGrowthAsync(caller.Organization, cancel) is { } overdue)
            return overdue;
        if (await admission.RefuseNameAsync(instance.Name, cancel) is not null)
            return InstanceAdmission.NameTaken.Saying($"Another instance is named {instance.Name} by now. Rename or delete that one first.");
        if (await admission.RefuseOneMoreAsync((await admission.FindPlanAsync(instance.PlanKey, cancel))!, cancel) is { } full)
            return full;
        instance.BringBack();
        await purchase.ContinueAsync(instance, cancel);
        return await db.FileAsync(instance, OperationKinds.InstanceUndelete, caller, "instance.undeleted", $"name {instance.Name}", clock, cancel);
    }
}
