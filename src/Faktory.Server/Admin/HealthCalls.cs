using Faktory.Server.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

sealed record HealthBody(string Status);

/// <summary>GET /healthz: the process lives. GET /readyz: it serves commands, or says why not.</summary>
static class HealthCalls
{
    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapGet("/healthz", http => WriteAsync(http, "ok", StatusCodes.Status200OK));
        app.MapGet("/readyz", http => admin.State.Readiness switch
        {
            Readiness.Ready => WriteAsync(http, "ok", StatusCodes.Status200OK),
            Readiness.Draining => WriteAsync(http, "draining", StatusCodes.Status503ServiceUnavailable),
            Readiness.Restoring => WriteAsync(http, "restoring", StatusCodes.Status503ServiceUnavailable),
            Readiness.NeedsRepair => WriteAsync(http, "needs_repair", StatusCodes.Status503ServiceUnavailable),
            _ => WriteAsync(http, "starting", StatusCodes.Status503ServiceUnavailable),
        });
    }

    static Task WriteAsync(HttpContext http, string status, int code)
    {
        http.Response.StatusCode = code;
        return http.Response.WriteAsJsonAsync(new HealthBody(status), AdminJson.Default.HealthBody, cancellationToken: http.RequestAborted);
    }
}
