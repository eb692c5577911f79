using ControlPlane.Core.Alerts;
using ControlPlane.Core.Instances;
using Microsoft.Extensions.Options;
using Provisioner.Admin;
using Provisioner.Brands;
using Provisioner.Engines;

namespace Provisioner.Handlers;

enum StartOutcome
{
    Started,
    NeedsAddress,
    NeedsStorage,
    StorageMissing,
}

enum ReadyOutcome
{
    Ready,
    NotYet,

    /// <summary>It ended: it is to be started once more.</summary>
    NeedsStart,
    NeedsRepair,
}

/// <summary>The steps of <see cref="BringUpWorkflow"/>. Each looks at the world first and may be repeated.</summary>
sealed class BringUp(
    EngineSet engines, PortLeasing ports, InstanceFile file, InstanceAdmin admin, OwnBrand own, IOptions<ProvisionerOptions> options, TimeProvider clock)
{
    static readonly TimeSpan readyAskedEvery = TimeSpan.FromMilliseconds(10), readyAskedFor = TimeSpan.FromSeconds(2);

    public async Task LeaseAddressAsync(InstanceStep step, CancellationToken cancel)
    {
        var instance = step.Instance;
        var engine = instance.Engine is { } placed ? engines.Get(placed) : await engines.ForNewInstancesAsync(cancel);
        var commands = await ports.EnsureAsync(step.Db, instance, PortLeasing.Commands, engine, cancel);
        if (engine.NeedsAdminPort)
            await ports.EnsureAsync(step.Db, instance, PortLeasing.Admin, engine, cancel);
        (instance.Engine, instance.Host, instance.Port) = (engine.Name, options.Value.Host, commands.Port);
    }

    public async Task PrepareStorageAsync(InstanceStep step, CancellationToken cancel)
    {
        var spec = await SpecAsync(step, await ReadBrandAsync(step, cancel), cancel) ?? throw new InvalidOperationException($"{step.Id} has no address yet");
        await engines.Get(step.Instance.Engine!).EnsureStorageAsync(spec, cancel);
    }

    public async Task<StartOutcome> StartAsync(InstanceStep step, CancellationToken cancel)
    {
        var brand = await ReadBrandAsync(step, cancel);
        if (await SpecAsync(step, brand, cancel) is not { } spec)
            return StartOutcome.NeedsAddress;
        var engine = engines.Get(step.Instance.Engine!);
        var seen = await engine.ObserveAsync(step.Id, cancel);
        if (!seen.HasStorage)
            return step.IsNew ? StartOutcome.NeedsStorage : await StorageMissingAsync(step, cancel);
        try
        {
            // A server that runs keeps its file itself, and is told of changes when it is ready.
            if (!seen.Running)
            {
                await engine.EnsureInstanceFileAsync(spec, cancel);
                step.Instance.BrandMark = brand?.Mark;
            }
            await engine.EnsureStartedAsync(spec, cancel);
            return StartOutcome.Started;
        }
        catch (PortTakenException taken) when (step.IsNew || taken.Port != step.Instance.Port)
        {
            // Nobody knows this address yet. One that customers have is theirs: there the step waits for whoever took it to go away.
            await ports.ReleaseAsync(step.Db, step.Instance, lease => lease.Port == taken.Port, cancel);
            if (taken.Port == step.Instance.Port)
                step.Instance.Port = null;
            return StartOutcome.NeedsAddress;
        }
    }

    /// <summary>Asks often for a moment, since most servers are up in a few milliseconds. Brings the configuration in force to the intent's generation.</summary>
    public async Task<ReadyOutcome> AwaitReadyAsync(InstanceStep step, CancellationToken cancel)
    {
        if (step.Instance.Engine is not { } placed)
            return ReadyOutcome.NeedsStart;
        var engine = engines.Get(placed);
        var from = clock.GetTimestamp();
        while (true)
        {
            var seen = await engine.ObserveAsync(step.Id, cancel);
            if (seen.Admin is { } address)
                switch (await admin.AskReadyAsync(address, cancel))
                {
                    case Readiness.NeedsRepair:
                        return ReadyOutcome.NeedsRepair;
                    case Readiness.Ready:
                        await SettleAsync(step, address, cancel);
                        return ReadyOutcome.Ready;
                }
            if (seen is { Running: false, ExitCode: not null })
                return ReadyOutcome.NeedsStart;
            if (clock.GetElapsedTime(from) >= readyAskedFor)
                return seen.Running ? ReadyOutcome.NotYet : ReadyOutcome.NeedsStart;
            await Task.Delay(readyAskedEvery, clock, cancel);
        }
    }

    async Task SettleAsync(InstanceStep step, Uri address, CancellationToken cancel)
    {
        var instance = step.Instance;
        var token = file.AdminToken(instance);
        var stats = await admin.GetStatsAsync(address, token, cancel);
        if (stats.Generation != instance.Generation)
        {
            var brand = await ReadBrandAsync(step, cancel);
            await admin.PutConfigAsync(address, token, file.Config(instance, step.Limits, brand), cancel);
            instance.BrandMark = brand?.Mark;
        }
        instance.MarkRunning();
        instance.Health = InstanceHealth.Healthy;
        instance.AdminAddress = address.GetLeftPart(UriPartial.Authority);
        instance.Version = stats.Version;
        (instance.ObservedGeneration, instance.ObservedAt) = (instance.Generation, step.Now);
        foreach (var kind in (string[])[Alerts.InstanceUnhealthy, Alerts.InstanceDrifted, Alerts.OperationFailed])
            await step.Db.ResolveAlertAsync(kind, step.Id, step.Context.Clock, cancel);
    }

    static async Task<StartOutcome> StorageMissingAsync(InstanceStep step, CancellationToken cancel)
    {
        await step.Db.RaiseAlertAsync(
            step.Instance.OrganizationId, Alerts.InstanceDrifted, AlertSeverity.Critical, step.Id,
            $"The data of {step.Instance.Name} is missing. It can be restored from a backup.", step.Context.Clock, cancel);
        return StartOutcome.StorageMissing;
    }

    Task<InstanceBrand?> ReadBrandAsync(InstanceStep step, CancellationToken cancel) => step.Db.ReadBrandAsync(step.Instance.Id, own.Brand, cancel);

    /// <summary>Null while it has no complete address.</summary>
    async Task<InstanceSpec?> SpecAsync(InstanceStep step, InstanceBrand? brand, CancellationToken cancel)
    {
        var (instance, limits) = (step.Instance, step.Limits);
        if (instance is not { Engine: { } engine, Port: { } port })
            return null;
        var adminLease = await PortLeasing.FindAsync(step.Db, instance, PortLeasing.Admin, cancel);
        if (engines.Get(engine).NeedsAdminPort && adminLease is null)
            return null;
        return new InstanceSpec
        {
            Id = step.Id,
            Port = port,
            AdminPort = adminLease?.Port,
            MemoryBytes = limits.MemoryBytes,
            CpuMillis = limits.CpuMillis,
            InstanceFile = file.Whole(instance, limits, brand),
        };
    }
}
