using System.Buffers.Text;
using System.Security.Cryptography;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;

namespace ControlPlane.Api.Resellers.Commands;

/// <summary>Gives a resource one more password, for a holder of the caller's choice, who can lose it alone. The same holder again keeps the one it has.</summary>
sealed class GiveResourceKey(ResourceWork work, SecretSealer sealer)
{
    internal async Task<CommandResult> RunAsync(ResellerCaller by, ResourceRequest request, string holder, CancellationToken cancel)
    {
        var what = $"give-key {holder}";
        var (open, answer) = await work.OpenAsync(by, request, what, cancel);
        if (open is null)
            return answer!;
        var keys = new Dictionary<string, string>(sealer.OpenKeys(open.Instance));
        if (keys.ContainsKey(holder))
            return await work.KeepAsync(by, open.Resource, request, what, cancel);
        if (keys.Count >= InstanceKeys.CountMax)
            return CommandResult.Refused(ResellerProblems.KeysFull, open.Resource);
        keys.Add(holder, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        sealer.SealKeys(open.Instance, keys);
        return await work.FileAsync(by, open, request, what, OperationKinds.InstanceRotatePassword, "instance.key_given", $"to {holder}", WebhookEvents.ResourceKeysChanged, cancel);
    }
}
