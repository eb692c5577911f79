using ControlPlane.Core.Alerts;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Provisioner.Engines;

namespace Provisioner.Handlers;

/// <summary>The steps that end an instance. Each looks at the world first and may be repeated. An instance that was never placed has nothing to end.</summary>
sealed class TakeDown(EngineSet engines, PortLeasing ports, IOptions<ProvisionerOptions> options)
{
    public async Task StopAsync(InstanceStep step, CancellationToken cancel)
    {
        if (step.Instance.Engine is { } engine)
            await engines.Get(engine).EnsureStoppedAsync(step.Id, options.Value.StopGrace, cancel);
        Unobserved(step);
    }

    /// <summary>Everything but the data, and the address: an instance that is brought back keeps it.</summary>
    public async Task RemoveAsync(InstanceStep step, CancellationToken cancel)
    {
        if (step.Instance.Engine is { } engine)
            await engines.Get(engine).EnsureRemovedAsync(step.Id, cancel);
        Unobserved(step);
        foreach (var kind in (string[])[Alerts.InstanceUnhealthy, Alerts.InstanceDrifted, Alerts.OperationFailed])
            await step.Db.ResolveAlertAsync(kind, step.Id, step.Context.Clock, cancel);
    }

    /// <summary>The data too, and the secrets, and the address.</summary>
    public async Task PurgeAsync(InstanceStep step, CancellationToken cancel)
    {
        var instance = step.Instance;
        await RemoveAsync(step, cancel);
        if (instance.Engine is { } engine)
            await engines.Get(engine).RemoveStorageAsync(step.Id, cancel);
        await ports.ReleaseAsync(step.Db, instance, _ => true, cancel);
        await step.Db.InstanceSamples.Where(sample => sample.InstanceId == instance.Id).ExecuteDeleteAsync(cancel);
        (instance.Host, instance.Port, instance.PurgeAt) = (null, null, null);
        (instance.SealedPassword, instance.SealedPreviousPassword, instance.SealedAdminToken) = ("", null, "");
    }

    static void Unobserved(InstanceStep step)
    {
        step.Instance.Health = InstanceHealth.Unknown;
        step.Instance.AdminAddress = null;
        step.Instance.ObservedAt = step.Now;
    }
}
