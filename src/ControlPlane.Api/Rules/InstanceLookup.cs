using ControlPlane.Api.Http;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Rules;

/// <summary>Finding the instance that a call names. An id of another organization, an unknown one and a purged one look the same.</summary>
static class InstanceLookup
{
    internal static readonly Problem NotFound = new("instance_not_found", 404, "There is no instance with this id in your organization.");
    internal static readonly Problem Deleted = new("instance_deleted", 409, "This instance is deleted. Undelete it first.");
    internal static readonly Problem SuspendedByReseller = new("suspended_by_reseller", 409, "The reseller through whom this instance came has stopped it. Ask there, or take the organization over.");

    internal static async Task<Instance?> FindInstanceAsync(this ControlPlaneDb db, string id, TimeProvider clock, CancellationToken cancel)
    {
        if (!InstanceId.TryParse(id, out var instanceId))
            return null;
        var now = clock.GetUtcNow();
        return await db.Instances.SingleOrDefaultAsync(i => i.Id == instanceId && (i.Desired != DesiredState.Deleted || i.PurgeAt > now), cancel);
    }

    /// <summary>Holds the row until the transaction ends, so that neither another call nor the Provisioner writes it meanwhile.</summary>
    internal static async Task<Instance?> LockInstanceAsync(this ControlPlaneDb db, string id, TimeProvider clock, CancellationToken cancel)
    {
        if (!InstanceId.TryParse(id, out var instanceId))
            return null;
        await db.Database.ExecuteSqlAsync($"SELECT FROM instances WHERE id = {instanceId.Value} FOR UPDATE", cancel);
        return await db.FindInstanceAsync(id, clock, cancel);
    }

    /// <summary>The same, refusing also what is deleted.</summary>
    internal static async Task<(Instance? Instance, Problem? Refusal)> LockLivingInstanceAsync(this ControlPlaneDb db, string id, TimeProvider clock, CancellationToken cancel) =>
        await db.LockInstanceAsync(id, clock, cancel) switch
        {
            null => (null, NotFound),
            { IsDeletedOrGoing: true } => (null, Deleted),
            var instance => (instance, null),
        };
}
