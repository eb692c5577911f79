using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;

namespace ControlPlane.Api.Features.Instances;

/// <summary>DELETE /v1/instances/{id}</summary>
static class DeleteInstance
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("/instances/{id}", HandleAsync)
        .Describe("Instances", "delete_instance", "Delete an instance", "Its data is kept for 14 days, in which it can be undeleted with the same address and password.")
        .AllowMember(Role.Developer, TokenScopes.Write)
        .Answers<OperationResource>(202, 200)
        .Refuses(InstanceLookup.NotFound, InstanceLookup.Deleted);

    static async Task<Answer<OperationResource>> HandleAsync(string id, Caller caller, PlanPurchase purchase, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        // Before the instance, as whatever changes instances because of money does it.
        await db.LockBillingAsync(caller.Organization, cancel);
        var (instance, refusal) = await db.LockLivingInstanceAsync(id, clock, cancel);
        if (instance is null)
            return refusal!;
        instance.Desired = DesiredState.Deleted;
        instance.DeletedAt = clock.GetUtcNow();
        instance.PurgeAt = instance.DeletedAt + Instance.UndeleteFor;
        var at = clock.GetUtcNow();
        await db.InFleetAsync(async () =>
        {
            await db.CancelForDeletionAsync(instance, at, cancel);
            await db.SaveChangesAsync(cancel);
            await purchase.SayEndAsync(instance, cancel);
            return true;
        }, cancel);
        return await db.FileAsync(instance, OperationKinds.InstanceDelete, caller, "instance.deleted", $"name {instance.Name}", clock, cancel);
    }
}
