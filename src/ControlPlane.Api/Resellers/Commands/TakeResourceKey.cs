using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Takes one holder's password away; connections that it has opened stay until they close.</summary>
sealed class TakeResourceKey(ResourceWork work, SecretSealer sealer)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, string holder, CancellationToken cancel)
    {
        var what = $"take-key {holder}";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        var keys = new Dictionary<string, string>(sealer.OpenKeys(open.Instance));
        if (!keys.Remove(holder))
            return await work.KeepAsync(by, open.Resource, request, what, cancel);
        sealer.SealKeys(open.Instance, keys);
        return await work.FileAsync(by, open, request, what, OperationKinds.InstanceRotatePassword, "instance.key_taken", $"from {holder}", WebhookEvents.ResourceKeysChanged, cancel);
    }
}
