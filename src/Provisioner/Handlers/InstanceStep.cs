using ControlPlane.Core.Data;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;

namespace Provisioner.Handlers;

/// <summary>What a step of an instance's workflow works with, read fresh at its beginning: intent may have changed since the last one.</summary>
sealed record InstanceStep(StepContext Context, Instance Instance, InstanceLimits Limits)
{
    public string Id => Instance.Id.ToString();

    public ControlPlaneDb Db => Context.Db;

    public DateTimeOffset Now => Context.Clock.GetUtcNow();

    /// <summary>It has never served: there is nothing yet that could be lost.</summary>
    public bool IsNew => Instance.ObservedGeneration == 0;

    /// <summary>Shown at once, before the step does what takes time. The rest of the step is saved at its end.</summary>
    public async Task ShowAsync(Action<Instance> mark, CancellationToken cancel)
    {
        mark(Instance);
        await Db.SaveChangesAsync(cancel);
    }
}
