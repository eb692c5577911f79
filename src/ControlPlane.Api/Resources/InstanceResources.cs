using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Resources;

static class InstanceResources
{
    internal static InstanceResource ToResource(this Instance instance, Operation? operation, DateTimeOffset now) => new(
        instance.Id.ToString(),
        instance.Name,
        instance.PlanKey,
        instance.Region,
        ShownState(instance).ToText(),
        instance.Health.ToText(),
        instance.Version,
        instance is { Host: { } host, Port: { } port } ? new EndpointResource(host, port, instance.Tls) : null,
        instance.CreatedAt,
        instance.DeletedAt,
        instance.PurgeAt,
        instance.PreviousPasswordExpiresAt > now ? instance.PreviousPasswordExpiresAt : null,
        operation?.ToResource());

    /// <summary>
    /// What was last observed, seen in the light of what was asked for since: a customer who just pressed "delete" reads
    /// "deleting", although the Provisioner has not begun.
    /// </summary>
    internal static InstanceState ShownState(Instance instance) => (instance.Desired, instance.State) switch
    {
        (DesiredState.Deleted, InstanceState.Deleted) => InstanceState.Deleted,
        (DesiredState.Deleted, _) => InstanceState.Deleting,
        (DesiredState.Suspended, InstanceState.Suspended or InstanceState.Failed) => instance.State,
        (DesiredState.Suspended, _) => InstanceState.Suspending,
        (DesiredState.Running, InstanceState.Suspending or InstanceState.Suspended or InstanceState.Deleting or InstanceState.Deleted) => InstanceState.Resuming,
        _ => instance.State,
    };

    internal static async Task<InstanceResource> ReadInstanceAsync(this ControlPlaneDb db, InstanceId id, DateTimeOffset now, CancellationToken cancel) =>
        (await db.ToResourcesAsync([await db.Instances.AsNoTracking().SingleAsync(i => i.Id == id, cancel)], now, cancel))[0];

    /// <summary>With the operation that each one is in the middle of.</summary>
    internal static async Task<IReadOnlyList<InstanceResource>> ToResourcesAsync(this ControlPlaneDb db, IReadOnlyList<Instance> instances, DateTimeOffset now, CancellationToken cancel)
    {
        if (instances.Count == 0)
            return [];
        var operations = await db.FindUnfinishedAsync([.. instances.Select(i => i.Id.ToString())], cancel);
        return [.. instances.Select(instance => instance.ToResource(operations.GetValueOrDefault(instance.Id.ToString()), now))];
    }
}
