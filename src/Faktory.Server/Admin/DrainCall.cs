using Faktory.Server.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

sealed record DrainBody(bool? Drain);

/// <summary>POST /admin/drain: no job leaves or enters any more, what is at work can be acknowledged; or back to normal.</summary>
static class DrainCall
{
    internal static void Map(WebApplication app, AdminContext admin) =>
        app.MapPost("/admin/drain", http => admin.AloneAsync(() => DrainAsync(http, admin)));

    static async Task DrainAsync(HttpContext http, AdminContext admin)
    {
        if (await AdminBody.ReadAsync(http, AdminJson.Default.DrainBody) is not { } body)
            return;
        if (admin.State.Engine is not { } engine)
        {
            await StatsCalls.NotServing.WriteAsync(http);
            return;
        }
        var isDraining = body.Drain ?? true;
        await engine.CallAsync(e => e.Drain(isDraining));
        admin.State.Readiness = isDraining ? Readiness.Draining : Readiness.Ready;
        await http.Response.WriteAsJsonAsync(new DrainBody(isDraining), AdminJson.Default.DrainBody, cancellationToken: http.RequestAborted);
    }
}
