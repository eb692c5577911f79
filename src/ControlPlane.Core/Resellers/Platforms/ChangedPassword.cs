using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Core.Resellers.Platforms;

/// <summary>Telling the platform by which an instance came that it has another password, so that the programs of its customer go on working.</summary>
public static class ChangedPassword
{
    // Platforms that keep the password for their customer's programs. A service broker's bindings have passwords of their own, and Fly.io takes secrets only when it asks.
    static readonly string[] kinds = [PlatformRecordKinds.AddOn, PlatformRecordKinds.Product];

    /// <summary>After <paramref name="rotation"/> has succeeded. In the fleet's scope; the caller saves. Does nothing where no platform keeps the password.</summary>
    public static async Task<bool> TellPlatformAsync(this ControlPlaneDb db, InstanceId instance, OperationId rotation, TimeProvider clock, CancellationToken cancel)
    {
        var resources = db.ManagedResources.Where(r => r.InstanceId == instance && r.EndedAt == null).Select(r => (ManagedResourceId?)r.Id);
        if (await db.PlatformRecords.SingleOrDefaultAsync(r => resources.Contains(r.ResourceId) && kinds.Contains(r.Kind) && r.EndedAt == null, cancel) is not { } record)
            return false;
        db.CallPlatformAfter(record, instance, rotation, PlatformCallNames.Changed, clock);
        return true;
    }
}
