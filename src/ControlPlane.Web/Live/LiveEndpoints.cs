using ControlPlane.Client;
using ControlPlane.Web.Components;
using ControlPlane.Web.Http;
using ControlPlane.Web.Pages.Instances;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ControlPlane.Web.Live;

/// <summary>GET /live/…: the streams that keep pages current.</summary>
static class LiveEndpoints
{
    static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var live = routes.MapGroup("/live").RequireAuthorization().RequireRateLimiting(PortalLimits.LiveStreams).DisableHttpMetrics();
        live.MapGet("/instances", (HttpContext context) => Stream(context, InstancesAsync, 2 * second));
        live.MapGet("/instances/{id}/overview", (string id, int? minutes, string? shape, HttpContext context) => Stream(context, (api, cancel) => OverviewAsync(api, id, minutes ?? 60, cancel), second, shape));
        live.MapGet("/instances/{id}/connect", (string id, string? shape, HttpContext context) => Stream(context, (api, cancel) => ConnectAsync(api, id, cancel), second, shape));
        live.MapGet("/instances/{id}/backups", (string id, string? shape, HttpContext context) => Stream(context, (api, cancel) => BackupsAsync(api, id, cancel), 2 * second, shape));
        live.MapGet("/instances/{id}/activity", (string id, string? shape, HttpContext context) => Stream(context, (api, cancel) => ActivityAsync(api, id, cancel), second, shape));
    }

    static ServerSentEventsResult<string> Stream(HttpContext context, NextFrame next, TimeSpan every, string? shape = null)
    {
        var services = context.RequestServices;
        var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        context.Response.RegisterForDisposeAsync(renderer);
        var stream = new LiveStream(renderer, services.GetRequiredService<ControlPlaneClient>(), services.GetRequiredService<TimeProvider>());
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.RegisterForDispose(either);
        return TypedResults.ServerSentEvents(stream.RunAsync(next, every, shape, either.Token));
    }

    static async Task<LiveFrame> InstancesAsync(ControlPlaneClient api, CancellationToken cancel)
    {
        var page = await api.ListInstancesAsync(cancel: cancel);
        return new(page.Items.Count == 0 ? "empty" : "rows", [LiveFragment.Of<InstanceRows>("instances", (nameof(InstanceRows.Instances), page.Items))]);
    }

    static async Task<LiveFrame> OverviewAsync(ControlPlaneClient api, string id, int minutes, CancellationToken cancel)
    {
        var instance = await api.GetInstanceAsync(id, cancel);
        var fragments = new List<LiveFragment> { Condition(instance) };
        if (instance.Operation is { } operation)
            fragments.Add(LiveFragment.Of<OperationProgress>("progress", (nameof(OperationProgress.Operation), operation)));
        var stats = await api.GetStatsAsync(id, minutes, cancel).AsReply();
        if (stats.Value is { } numbers)
        {
            fragments.Add(FirstJobOf(id, numbers));
            fragments.Add(LiveFragment.Of<LiveNumbers>("numbers", (nameof(LiveNumbers.Stats), numbers)));
            fragments.Add(LiveFragment.Of<LiveCharts>("charts", (nameof(LiveCharts.Stats), numbers)));
            fragments.Add(LiveFragment.Of<LiveLimits>("limits", (nameof(LiveLimits.Stats), numbers)));
            fragments.Add(LiveFragment.Of<LiveQueues>("queues", (nameof(LiveQueues.Stats), numbers)));
        }
        return new(LiveShape.Of(instance, stats.Value is not null), fragments);
    }

    static async Task<LiveFrame> ConnectAsync(ControlPlaneClient api, string id, CancellationToken cancel)
    {
        var instance = await api.GetInstanceAsync(id, cancel);
        var stats = await api.GetStatsAsync(id, 1, cancel).AsReply();
        return new(LiveShape.Of(instance, stats.Value is not null), stats.Value is { } numbers ? [Condition(instance), FirstJobOf(id, numbers)] : [Condition(instance)]);
    }

    static async Task<LiveFrame> BackupsAsync(ControlPlaneClient api, string id, CancellationToken cancel)
    {
        var instance = await api.GetInstanceAsync(id, cancel);
        var page = await api.ListBackupsAsync(id, cancel: cancel);
        return new(LiveShape.Of(instance), [Condition(instance), LiveFragment.Of<BackupRows>("backups", (nameof(BackupRows.Backups), page.Items), (nameof(BackupRows.InstanceId), id))]);
    }

    static async Task<LiveFrame> ActivityAsync(ControlPlaneClient api, string id, CancellationToken cancel)
    {
        var instance = await api.GetInstanceAsync(id, cancel);
        var page = await api.ListOperationsAsync(id, cancel: cancel);
        return new(LiveShape.Of(instance), [Condition(instance), LiveFragment.Of<OperationRows>("operations", (nameof(OperationRows.Operations), page.Items))]);
    }

    static LiveFragment Condition(InstanceResource instance) => LiveFragment.Of<InstanceCondition>("condition", (nameof(InstanceCondition.Instance), instance));

    static LiveFragment FirstJobOf(string id, StatsResponse stats) =>
        LiveFragment.Of<FirstJob>("first-job", (nameof(FirstJob.Stats), stats), (nameof(FirstJob.Link), $"instances/{id}"));
}
