using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Platforms;

/// <summary>The FAKTORY_URL of a resource, for its platform to hand on.</summary>
static class ResourceAddress
{
    /// <returns>Null while it has none, and when it is gone.</returns>
    internal static async Task<string?> FindUrlAsync(this ControlPlaneDb db, SecretSealer sealer, ManagedResource resource, CancellationToken cancel)
    {
        var id = resource.InstanceId;
        if (!resource.IsLiving || await db.Instances.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, cancel) is not { Host: { } host, Port: { } port, Desired: not DesiredState.Deleted } instance)
            return null;
        var password = sealer.Open(instance.OrganizationId, SecretPurposes.InstancePassword, id.ToString(), instance.SealedPassword);
        return InstanceUrl.Of(host, port, instance.Tls, password);
    }

    internal static Task<ManagedResource> ReadResourceAsync(this ControlPlaneDb db, ManagedResourceId id, CancellationToken cancel) => db.ManagedResources.AsNoTracking().SingleAsync(r => r.Id == id, cancel);
}
