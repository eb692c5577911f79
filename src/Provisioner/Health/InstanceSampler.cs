using System.Collections.Concurrent;
using System.Text.Json;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Provisioner.Admin;

namespace Provisioner.Health;

/// <summary>Takes running instances' numbers: each second while somebody looks at them, every half minute otherwise.</summary>
sealed class InstanceSampler(
    IServiceScopeFactory scopes, InstanceFile file, InstanceAdmin admin, NpgsqlDataSource database,
    IOptions<ProvisionerOptions> options, TimeProvider clock, ILogger<InstanceSampler> log)
    : Rounds(database, Leadership.Samples, options.Value.SampleWatchedEvery, clock, log)
{
    static readonly TimeSpan trimEvery = TimeSpan.FromHours(1);

    readonly ProvisionerOptions options = options.Value;
    readonly Dictionary<InstanceId, DateTimeOffset> takenAt = [];
    DateTimeOffset trimmedAt;

    protected override async Task RunOnceAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        await using var scope = scopes.CreateFleetScope();
        var running = await scope.Db.Instances.AsNoTracking()
            .Where(instance => instance.AdminAddress != null && instance.State == InstanceState.Running)
            .ToListAsync(cancel);
        var due = running
            .Where(instance => instance.WatchedUntil > now || now - takenAt.GetValueOrDefault(instance.Id) >= options.SampleEvery)
            .ToList();

        var taken = new ConcurrentBag<(Instance Instance, AdminStats Stats)>();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.AskedAtOnceMax, CancellationToken = cancel },
            async (instance, stop) =>
            {
                try
                {
                    taken.Add((instance, await admin.GetStatsAsync(new Uri(instance.AdminAddress!), file.AdminToken(instance), stop)));
                }
                catch (Exception fault) when (fault is HttpRequestException or JsonException)
                {
                    // Whether it answers is the sweep's to find out; here its numbers have a gap.
                }
            });

        scope.Db.InstanceSamples.AddRange(taken.Select(sample => Sample(sample.Instance, sample.Stats, now)));
        await scope.Db.SaveChangesAsync(cancel);
        foreach (var (instance, stats) in taken)
        {
            takenAt[instance.Id] = now;
            if (instance.FirstJobAt is null && stats.TotalEnqueued > 0)
                await scope.Db.Instances.Where(row => row.Id == instance.Id && row.FirstJobAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.FirstJobAt, now), cancel);
        }
        await TrimAsync(scope.Db, running, now, cancel);
    }

    async Task TrimAsync(ControlPlaneDb db, List<Instance> running, DateTimeOffset now, CancellationToken cancel)
    {
        if (now - trimmedAt < trimEvery)
            return;
        trimmedAt = now;
        var oldest = now - options.SamplesKeptFor;
        await db.InstanceSamples.Where(sample => sample.At < oldest).ExecuteDeleteAsync(cancel);
        foreach (var gone in takenAt.Keys.Except(running.Select(instance => instance.Id)).ToList())
            takenAt.Remove(gone);
    }

    static InstanceSample Sample(Instance instance, AdminStats stats, DateTimeOffset now) => new()
    {
        InstanceId = instance.Id,
        OrganizationId = instance.OrganizationId,
        At = now,
        TotalEnqueued = stats.TotalEnqueued,
        TotalProcessed = stats.TotalProcessed,
        TotalFailures = stats.TotalFailures,
        Queued = stats.Queued,
        Scheduled = stats.Scheduled,
        Retries = stats.Retries,
        Dead = stats.Dead,
        Working = stats.Working,
        Connections = (int)stats.Connections,
        Workers = (int)stats.Workers,
        MemoryBytes = stats.MemoryBytes,
        StorageBytes = stats.StorageBytes,
        Queues = JsonSerializer.Serialize(stats.Queues, AdminJson.Default.DictionaryStringInt64),
    };
}
