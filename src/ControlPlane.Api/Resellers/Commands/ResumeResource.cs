using ControlPlane.Api.Rules;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Resellers.Webhooks;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Takes the reseller's own suspension back. Where its owner or a debt holds it as well, it stays stopped.</summary>
sealed class ResumeResource(ResourceWork work, PlanPurchase purchase)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, CancellationToken cancel)
    {
        const string what = "resume";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        if (!open.Instance.IsSuspendedFor(SuspensionReason.Reseller))
            return await work.KeepAsync(by, open.Resource, request, what, cancel);
        if (by.Reseller.Status == ResellerStatus.Suspended)
            return CommandResult.Refused(ResellerProblems.Suspended, open.Resource);
        if (await purchase.RefuseGrowthAsync(open.Caller.Payer, cancel) is { } overdue)
            return CommandResult.Refused(overdue, open.Resource);
        var starts = open.Instance.Release(SuspensionReason.Reseller);
        open.Resource.MarkActive();
        return await work.FileAsync(
            by, open, request, what, starts ? OperationKinds.InstanceResume : OperationKinds.InstanceSuspend, "instance.resumed", starts ? "by its reseller" : "by its reseller; something else still holds it",
            WebhookEvents.ResourceResumed, cancel);
    }
}
