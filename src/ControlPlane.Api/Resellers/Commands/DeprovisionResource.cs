using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Subscriptions;
using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>
/// Gives a resource up for good, also in the middle of being provisioned: that stops then. Its customer can bring the data back for 14 days, as its own.
/// </summary>
sealed class DeprovisionResource(ControlPlaneDb db, ResourceWork work, [FromKeyedServices(BillingClock.Key)] TimeProvider billing, TimeProvider clock)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel)
    {
        const string what = "deprovision";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer is { Outcome: CommandOutcome.Gone, Resource: { IsLiving: true } deletedByOwner } ? await EndAsync(by, deletedByOwner, cancel) : answer!;
        var (resource, instance, _) = open;
        (instance.Desired, instance.DeletedAt) = (DesiredState.Deleted, clock.GetUtcNow());
        instance.PurgeAt = instance.DeletedAt + Instance.UndeleteFor;
        var at = billing.GetUtcNow();
        await db.InFleetAsync(async () =>
        {
            await db.CancelForDeletionAsync(instance, at, cancel);
            return true;
        }, cancel);
        resource.MarkDeprovisioned(clock.GetUtcNow());
        return await work.FileAsync(by, open, request, what, OperationKinds.InstanceDelete, "instance.deleted", "by its reseller", WebhookEvents.ResourceDeprovisioned, cancel);
    }

    /// <summary>There is nothing left to delete, only to know.</summary>
    async Task<CommandResult> EndAsync(ResellerCaller by, ManagedResource resource, CancellationToken cancel)
    {
        await db.EnterOrganizationAsync(by.Reseller.OrganizationId, cancel);
        resource.MarkDeprovisioned(clock.GetUtcNow());
        return new CommandResult(CommandOutcome.AlreadyThere, resource, resource.OperationId);
    }
}
