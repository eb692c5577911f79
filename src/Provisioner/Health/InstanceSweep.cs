using System.Collections.Concurrent;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Provisioner.Admin;
using Provisioner.Brands;
using Provisioner.Engines;

namespace Provisioner.Health;

/// <summary>
/// Looks at every instance: whether it answers, and whether the engine holds what was intended. What drifted gets an operation, what
/// nobody knows gets an alert and is left alone. Nothing is done on the word of a single look.
/// </summary>
sealed partial class InstanceSweep(
    IServiceScopeFactory scopes, EngineSet engines, InstanceAdmin admin, BrandSweep brands, NpgsqlDataSource database,
    IOptions<ProvisionerOptions> options, TimeProvider clock, ILogger<InstanceSweep> log)
    : Rounds(database, Leadership.Sweep, options.Value.SweepEvery, clock, log)
{
    readonly ProvisionerOptions options = options.Value;

    // How many rounds in a row said the same about a subject.
    readonly Dictionary<(string Subject, object What), int> rows = [];

    protected override async Task RunOnceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateFleetScope();
        var db = scope.Db;
        // The engines first: what is provisioned in between is then known to the database and no orphan.
        var seen = await ObserveAsync(await PlacedEnginesAsync(db, cancel), cancel);
        var instances = await db.Instances.AsNoTracking().Where(i => i.State != InstanceState.Deleted || i.PurgeAt != null).ToListAsync(cancel);
        var busy = await db.Operations.Where(o => o.State == OperationState.Pending || o.State == OperationState.Running)
            .Select(o => o.Subject).ToHashSetAsync(cancel);
        // What is being worked on is somebody else's to write, and seldom as intended.
        var idle = instances.Where(i => !busy.Contains(i.Id.ToString())).ToList();
        var said = new HashSet<(string, object)>();

        await CheckHealthAsync(db, idle.Where(i => i.State == InstanceState.Running).ToList(), seen, said, cancel);
        foreach (var instance in idle.Where(i => i.Engine is not null && seen.ContainsKey(i.Engine)))
            await CompareAsync(db, instance, seen[instance.Engine!].GetValueOrDefault(instance.Id.ToString()), said, cancel);
        await AlertOrphansAsync(db, instances, seen, said, cancel);
        if (await brands.RunAsync(db, idle, cancel) is var branded and > 0)
            LogBranded(log, branded);
        await db.SaveChangesAsync(cancel);

        foreach (var over in rows.Keys.Where(key => !said.Contains(key)).ToList())
            rows.Remove(over);
    }

    async Task<List<string>> PlacedEnginesAsync(ControlPlaneDb db, CancellationToken cancel)
    {
        var placed = await db.Instances.Where(i => i.Engine != null).Select(i => i.Engine!).Distinct().ToListAsync(cancel);
        return [.. placed.Append((await engines.ForNewInstancesAsync(cancel)).Name).Distinct()];
    }

    /// <summary>By engine and instance. An engine that does not answer is left out: nothing is concluded from its silence.</summary>
    async Task<Dictionary<string, Dictionary<string, EngineObservation>>> ObserveAsync(List<string> names, CancellationToken cancel)
    {
        var seen = new Dictionary<string, Dictionary<string, EngineObservation>>();
        foreach (var name in names)
        {
            try
            {
                seen[name] = (await engines.Get(name).ListAllAsync(cancel)).ToDictionary(observation => observation.InstanceId);
            }
            catch (EngineUnavailableException fault)
            {
                LogEngineSilent(log, fault, name);
            }
        }
        return seen;
    }

    async Task CheckHealthAsync(
        ControlPlaneDb db, List<Instance> running, Dictionary<string, Dictionary<string, EngineObservation>> seen, HashSet<(string, object)> said, CancellationToken cancel)
    {
        var answers = new ConcurrentDictionary<InstanceId, (string? Address, Readiness Ready)>();
        await Parallel.ForEachAsync(running, new ParallelOptions { MaxDegreeOfParallelism = options.AskedAtOnceMax, CancellationToken = cancel },
            async (instance, stop) =>
            {
                // A container may have come back at another address; an engine that is silent leaves the last one.
                var address = instance.Engine is not null && seen.GetValueOrDefault(instance.Engine)?.GetValueOrDefault(instance.Id.ToString())?.Admin is { } now
                    ? now.GetLeftPart(UriPartial.Authority)
                    : instance.AdminAddress;
                answers[instance.Id] = (address, address is null ? Readiness.Silent : await admin.AskReadyAsync(new Uri(address), stop));
            });

        foreach (var instance in running)
        {
            var (address, ready) = answers[instance.Id];
            var id = instance.Id.ToString();
            var health = ready == Readiness.Ready ? InstanceHealth.Healthy
                : Repeats((id, nameof(InstanceHealth)), said) ? InstanceHealth.Unhealthy
                : instance.Health;
            if (health == instance.Health && address == instance.AdminAddress)
                continue;
            var at = Clock.GetUtcNow();
            await db.Instances.Where(i => i.Id == instance.Id && i.State == InstanceState.Running).ExecuteUpdateAsync(set => set
                .SetProperty(i => i.Health, health).SetProperty(i => i.AdminAddress, address).SetProperty(i => i.ObservedAt, at), cancel);
            if (health == instance.Health)
                continue;
            LogHealth(log, id, health);
            if (health == InstanceHealth.Unhealthy)
                await db.RaiseAlertAsync(
                    instance.OrganizationId, Alerts.InstanceUnhealthy, AlertSeverity.Warning, id, $"{instance.Name} does not answer.", Clock, cancel);
            else
                await db.ResolveAlertAsync(Alerts.InstanceUnhealthy, id, Clock, cancel);
        }
    }

    async Task CompareAsync(ControlPlaneDb db, Instance instance, EngineObservation? seen, HashSet<(string, object)> said, CancellationToken cancel)
    {
        var id = instance.Id.ToString();
        var finding = Findings.Of(instance, seen, Clock.GetUtcNow());
        if (finding == Finding.AsIntended || !Repeats((id, finding), said))
            return;
        if (finding == Finding.StorageMissing)
            await db.RaiseAlertAsync(
                instance.OrganizationId, Alerts.InstanceDrifted, AlertSeverity.Critical, id,
                $"The data of {instance.Name} is missing. It can be restored from a backup.", Clock, cancel);
        if (Findings.Remedy(finding) is not { } kind)
            return;
        LogDrift(log, id, finding, kind.Name);
        db.File(kind, instance.OrganizationId, id, null, Clock);
    }

    async Task AlertOrphansAsync(
        ControlPlaneDb db, List<Instance> instances, Dictionary<string, Dictionary<string, EngineObservation>> seen, HashSet<(string, object)> said, CancellationToken cancel)
    {
        var known = instances.Select(instance => instance.Id.ToString()).ToHashSet();
        var orphans = new HashSet<string>();
        foreach (var (engine, observations) in seen)
            foreach (var orphan in observations.Values.Where(observation => !known.Contains(observation.InstanceId)))
            {
                orphans.Add(orphan.InstanceId);
                if (Repeats((orphan.InstanceId, "orphan"), said))
                    await db.RaiseAlertAsync(
                        null, Alerts.Orphan, AlertSeverity.Warning, orphan.InstanceId,
                        $"The engine {engine} holds {orphan.InstanceId}, which no instance owns. It is left alone: look at it, then remove it by hand.", Clock, cancel);
            }
        var open = await db.Alerts.Where(alert => alert.Kind == Alerts.Orphan && alert.ResolvedAt == null).Select(alert => alert.Subject).ToListAsync(cancel);
        foreach (var gone in open.Where(subject => !orphans.Contains(subject)))
            await db.ResolveAlertAsync(Alerts.Orphan, gone, Clock, cancel);
    }

    /// <summary>Counts one more round that says this; true from the round on that counts.</summary>
    bool Repeats((string Subject, object What) finding, HashSet<(string, object)> said)
    {
        said.Add(finding);
        return (rows[finding] = rows.GetValueOrDefault(finding) + 1) >= options.SweepsToAct;
    }

    [LoggerMessage(LogLevel.Warning, "The engine {Engine} does not answer; its instances are not compared in this round.")]
    static partial void LogEngineSilent(ILogger log, Exception fault, string engine);

    [LoggerMessage(LogLevel.Information, "The brand of {Count} instances is another one now; they are told.")]
    static partial void LogBranded(ILogger log, int count);

    [LoggerMessage(LogLevel.Information, "Instance {Instance} is {Health}.")]
    static partial void LogHealth(ILogger log, string instance, InstanceHealth health);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance} is not as intended ({Finding}); filed {Kind}.")]
    static partial void LogDrift(ILogger log, string instance, Finding finding, string kind);
}
