using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Api;

/// <summary>Plays the Provisioner's part: writes what it would have observed, and ends the operations.</summary>
static class StandInProvisioner
{
    static int port = 20_000;

    internal static async Task<InstanceResource> AddRunningInstanceAsync(this ApiServer server, Customer customer, string name = "orders", string? plan = null)
    {
        var created = await customer.Client.CreateInstanceAsync(new CreateInstanceRequest(name, plan));
        await server.ProvisionAsync(created.Id);
        return await customer.Client.GetInstanceAsync(created.Id);
    }

    internal static async Task ProvisionAsync(this ApiServer server, string id)
    {
        await using var scope = server.Fleet();
        var instanceId = Parse(id);
        var instance = await scope.Db.Instances.SingleAsync(i => i.Id == instanceId);
        instance.MarkRunning();
        instance.Host = "127.0.0.1";
        instance.Port = Interlocked.Increment(ref port);
        instance.Version = "1.9.0";
        await scope.Db.SaveChangesAsync();
        await server.FinishOperationsAsync(id);
    }

    /// <summary>Ends all that is unfinished on a subject, but for telling its reseller.</summary>
    internal static async Task FinishOperationsAsync(this ApiServer server, string subject, OperationState state = OperationState.Succeeded)
    {
        await using var scope = server.Fleet();
        var now = server.Clock.GetUtcNow();
        await scope.Db.Operations.Where(o => o.Subject == subject && o.FinishedAt == null && o.Kind != OperationKinds.ResellerNotify.Name).ExecuteUpdateAsync(
            set => set.SetProperty(o => o.State, state).SetProperty(o => o.FinishedAt, now).SetProperty(o => o.Step, "done"));
    }

    /// <summary>Changes what was observed of an instance.</summary>
    internal static async Task ObserveAsync(this ApiServer server, string id, Action<Instance> change)
    {
        await using var scope = server.Fleet();
        var instanceId = Parse(id);
        change(await scope.Db.Instances.SingleAsync(i => i.Id == instanceId));
        await scope.Db.SaveChangesAsync();
    }

    /// <summary>A sample, which only the Provisioner's role may write.</summary>
    internal static Task SampleAsync(this ApiServer server, Customer customer, string id, DateTimeOffset at, long storageBytes = 0, int connections = 0, long processed = 0) =>
        server.ExecuteAsOwnerAsync(
            "INSERT INTO instance_samples (instance_id, organization_id, at, total_enqueued, total_processed, total_failures, queued, scheduled, retries, dead, working, connections, workers, memory_bytes, storage_bytes, queues) " +
            "VALUES ($1, $2, $3, 0, $4, 0, 0, 0, 0, 0, 0, $5, 0, 0, $6, '{\"default\": 3}')",
            Parse(id).Value, customer.Organization.Value, at, processed, connections, storageBytes);

    internal static InstanceId Parse(string id) => InstanceId.TryParse(id, out var parsed) ? parsed : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{id} is no instance's id"));
}
