using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Stops a resource for a reason of the reseller's own, apart from its owner's and from debts: each holds it until it lets go.</summary>
sealed class SuspendResource(ResourceWork work)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel)
    {
        const string what = "suspend";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        if (open.Instance.IsSuspendedFor(SuspensionReason.Reseller))
            return await work.KeepAsync(by, open.Resource, request, what, cancel);
        open.Instance.Suspend(SuspensionReason.Reseller);
        open.Resource.MarkSuspended();
        // Where it stood still already, the operation finds nothing left to do and says so.
        return await work.FileAsync(by, open, request, what, OperationKinds.InstanceSuspend, "instance.suspended", "by its reseller", WebhookEvents.ResourceSuspended, cancel);
    }
}
