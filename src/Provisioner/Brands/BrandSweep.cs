using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;

namespace Provisioner.Brands;

/// <summary>
/// Brings the brand to instances that run and show another one: because it was changed, because their customer was taken over, or because the operator's own is new.
/// Nobody has to remember to tell them. A limited number in a round, so that a reseller with thousands of them holds up nobody.
/// </summary>
sealed class BrandSweep(OwnBrand own, TimeProvider clock)
{
    internal const int InstancesPerRoundMax = 50;

    /// <param name="idle">Nothing is being done with them.</param>
    /// <returns>How many were told.</returns>
    internal async Task<int> RunAsync(ControlPlaneDb db, IEnumerable<Instance> idle, CancellationToken cancel)
    {
        var marks = await db.ReadBrandMarksAsync(cancel);
        var others = idle.Where(i => i is { State: InstanceState.Running, Desired: DesiredState.Running } && i.ObservedGeneration == i.Generation)
            .Where(i => i.BrandMark != (marks.GetValueOrDefault(i.Id) ?? own.Brand?.Mark)).Take(InstancesPerRoundMax).ToList();
        foreach (var instance in others)
        {
            // In one statement, since the Api counts generations as well.
            await db.Instances.Where(i => i.Id == instance.Id && i.Desired == DesiredState.Running).ExecuteUpdateAsync(set => set.SetProperty(i => i.Generation, i => i.Generation + 1), cancel);
            db.File(OperationKinds.InstanceReconcile, instance.OrganizationId, instance.Id.ToString(), null, clock);
        }
        return others.Count;
    }
}
