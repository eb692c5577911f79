using System.Text.Json;
using Faktory.Server.Commands;
using Faktory.Server.Jobs;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /stats: what INFO answers. GET /health: a little of it, for whoever watches over the server without a password.</summary>
static class StatsCalls
{
    internal static async Task WriteStatsAsync(UiCall ui)
    {
        var info = new Info(ui.Site.State.Traffic);
        ui.Engine.Post(info);
        var reply = await info.Answered;
        ui.Http.Response.ContentType = "application/json";
        await ui.Http.Response.Body.WriteAsync(reply.Bytes, ui.Cancel);
    }

    internal static async Task WriteHealthAsync(UiCall ui)
    {
        // An engine that does not answer is not healthy.
        var now = await ui.Engine.CallAsync(e => e.Now);
        var traffic = ui.Site.State.Traffic;
        ui.Http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(ui.Http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("now"u8, Rfc3339.Format(now));
        writer.WriteStartObject("server"u8);
        writer.WriteString("description"u8, Info.Description);
        writer.WriteString("faktory_version"u8, Info.FaktoryVersion);
        writer.WriteNumber("connections"u8, traffic.Connections);
        writer.WriteNumber("command_count"u8, traffic.Commands);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
