using Faktory.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

/// <summary>GET /metrics: for Prometheus.</summary>
static class MetricsCall
{
    internal static void Map(WebApplication app, AdminContext admin) => app.MapGet("/metrics", async http =>
    {
        var metrics = await MetricsSnapshot.TakeAsync(admin.State);
        http.Response.ContentType = PrometheusText.ContentType;
        await http.Response.WriteAsync(PrometheusText.Write(metrics), http.RequestAborted);
    });
}
