using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

sealed record StatsBody(
    DateTimeOffset At,
    string Version,
    long UptimeSeconds,
    int Connections,
    int ConnectionsMax,
    int Workers,
    IReadOnlyDictionary<string, long> Queues,
    long Queued,
    long Scheduled,
    long Retries,
    long Dead,
    long Working,
    long TotalEnqueued,
    long TotalProcessed,
    long TotalFailures,
    long MemoryBytes,
    long StorageBytes,
    long? StorageBytesMax,
    long Generation);

/// <summary>GET /admin/stats</summary>
static class StatsCalls
{
    internal static readonly Problem NotServing = new("No commands are served at the moment.", StatusCodes.Status503ServiceUnavailable, "not_serving");

    internal static void Map(WebApplication app, AdminContext admin) => app.MapGet("/admin/stats", async http =>
    {
        if (await TakeAsync(admin) is not { } stats)
        {
            await NotServing.WriteAsync(http);
            return;
        }
        await http.Response.WriteAsJsonAsync(Describe(stats, admin), AdminJson.Default.StatsBody, cancellationToken: http.RequestAborted);
    });

    /// <summary>Null while no engine runs.</summary>
    internal static async Task<ServerStats?> TakeAsync(AdminContext admin)
    {
        try
        {
            return admin.State.Engine is { } engine ? await engine.CallAsync(ServerStats.Take) : null;
        }
        catch (EngineStoppedException)
        {
            return null;
        }
    }

    static StatsBody Describe(ServerStats stats, AdminContext admin) => new(
        Rfc3339.ToInstant(stats.Now),
        ServerVersion.Product,
        (long)admin.State.Traffic.Uptime.TotalSeconds,
        admin.State.Traffic.Connections,
        admin.State.Limits.ConnectionsMax,
        stats.Workers,
        stats.Queues,
        stats.Queued,
        stats.Scheduled,
        stats.Retries,
        stats.Dead,
        stats.Working,
        stats.TotalEnqueued,
        stats.TotalProcessed,
        stats.TotalFailures,
        Environment.WorkingSet,
        stats.StorageBytes,
        stats.StorageBytesMax,
        admin.Instance?.Config.Generation ?? 0);
}
