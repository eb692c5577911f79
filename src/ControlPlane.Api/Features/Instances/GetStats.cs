using System.Text.Json;
using ControlPlane.Api.Http;
using ControlPlane.Api.Rules;
using ControlPlane.Client;
using ControlPlane.Core.Data;
using ControlPlane.Core.Identity;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Features.Instances;

/// <summary>GET /v1/instances/{id}/stats</summary>
static class GetStats
{
    const int MinutesDefault = 60;
    const int MinutesMax = 1440;
    const int PointsMax = 360;
    static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(30);

    static readonly Problem MinutesInvalid = new("invalid_minutes", 400, "The number of minutes must be between 1 and 1440.");

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/instances/{id}/stats", HandleAsync)
        .Describe("Instances", "get_stats", "Get live numbers and history", "Asking keeps the instance sampled each second for half a minute.")
        .AllowMember(Role.Viewer, TokenScopes.Read)
        .Answers<StatsResponse>(200)
        .Refuses(InstanceLookup.NotFound, MinutesInvalid);

    static async Task<Answer<StatsResponse>> HandleAsync(string id, int? minutes, ControlPlaneDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (minutes is < 1 or > MinutesMax)
            return MinutesInvalid;
        if (await db.FindInstanceAsync(id, clock, cancel) is not { } instance)
            return InstanceLookup.NotFound;
        await WatchAsync(instance, db, clock.GetUtcNow(), cancel);

        var history = await ReadHistoryAsync(instance.Id, TimeSpan.FromMinutes(minutes ?? MinutesDefault), db, clock.GetUtcNow(), cancel);
        var now = await db.InstanceSamples.AsNoTracking().Where(s => s.InstanceId == instance.Id).OrderByDescending(s => s.At).FirstOrDefaultAsync(cancel);
        var limits = (await db.InstanceEntitlements.AsNoTracking().SingleAsync(e => e.InstanceId == instance.Id, cancel)).Limits;
        return new StatsResponse(
            now is null ? null : ToResource(now), [.. history.Select(ToResource)], instance.FirstJobAt, new StatsLimits(limits.ConnectionsMax, limits.MemoryBytes, limits.StorageBytes));
    }

    /// <summary>A page that asks each second need not write each second.</summary>
    static async Task WatchAsync(Instance instance, ControlPlaneDb db, DateTimeOffset now, CancellationToken cancel)
    {
        if (instance.IsDeletedOrGoing || instance.WatchedUntil > now + WatchedFor / 2)
            return;
        await db.Instances.Where(i => i.Id == instance.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.WatchedUntil, now + WatchedFor), cancel);
    }

    /// <summary>The last sample of each of at most 360 equal pieces of the time asked for; served by the primary key.</summary>
    static Task<List<InstanceSample>> ReadHistoryAsync(InstanceId instance, TimeSpan reach, ControlPlaneDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var from = now - reach;
        var piece = reach / PointsMax;
        return db.InstanceSamples.FromSql($"""
            SELECT DISTINCT ON (piece) * FROM (
                SELECT *, date_bin({piece}, at, {from}) AS piece FROM instance_samples
                WHERE instance_id = {instance.Value} AND at >= {from} AND at < {now}) pieces
            ORDER BY piece, at DESC
            """).AsNoTracking().OrderBy(s => s.At).ToListAsync(cancel);
    }

    static StatsSample ToResource(InstanceSample sample) => new(
        sample.At, sample.TotalEnqueued, sample.TotalProcessed, sample.TotalFailures, sample.Queued, sample.Scheduled, sample.Retries, sample.Dead, sample.Working,
        sample.Connections, sample.Workers, sample.MemoryBytes, sample.StorageBytes, JsonSerializer.Deserialize<Dictionary<string, long>>(sample.Queues) ?? []);
}
