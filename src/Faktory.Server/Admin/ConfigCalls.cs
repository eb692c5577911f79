using System.Text.Json;
using Faktory.Server.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

sealed record ConfigBody(
    long Generation, IReadOnlyList<ConfigPassword> Passwords, LimitSettings? Limits, IReadOnlyDictionary<string, JsonElement>? Features,
    IReadOnlyDictionary<string, ThrottleSettings>? Throttles, IReadOnlyDictionary<string, ThrottleSettings>? JobtypeThrottles,
    IReadOnlyList<CronSettings>? Cron, IReadOnlyDictionary<string, int>? Weights, InstanceWeb? Web, BrandSettings? Brand);

/// <summary>A password as it is shown: without its value.</summary>
sealed record ConfigPassword(DateTimeOffset? ExpiresAt);

/// <summary>GET and PUT /admin/config: the instance file, live.</summary>
static class ConfigCalls
{
    static readonly Problem NoInstanceFile =
        new("The server was started without an instance file, so there is nothing to change.", StatusCodes.Status409Conflict, "no_instance_file");

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapGet("/admin/config", http => WriteAsync(http, admin));
        app.MapPut("/admin/config", http => admin.AloneAsync(() => PutAsync(http, admin)));
    }

    static async Task PutAsync(HttpContext http, AdminContext admin)
    {
        if (admin.Instance is not { } instance)
        {
            await NoInstanceFile.WriteAsync(http);
            return;
        }
        if (await AdminBody.ReadAsync(http, InstanceJson.Default.InstanceConfig) is not { } config)
            return;
        if (config.Generation < instance.Config.Generation)
        {
            await new Problem("A newer configuration is in force.", StatusCodes.Status409Conflict, "stale_generation",
                $"The generation in force is {instance.Config.Generation}, the one given is {config.Generation}.").WriteAsync(http);
            return;
        }
        try
        {
            instance.Replace(config);
        }
        catch (ConfigurationException e)
        {
            await AdminBody.Invalid(e.Message).WriteAsync(http);
            return;
        }
        await admin.FollowInstanceAsync(instance);
        // A container's memory limit may have changed with the plan; the collector reads it only at start unless it is told.
        GC.RefreshMemoryLimit();
        await WriteAsync(http, admin);
    }

    static Task WriteAsync(HttpContext http, AdminContext admin)
    {
        if (admin.Instance?.Config is not { } config)
            return NoInstanceFile.WriteAsync(http);
        var body = new ConfigBody(config.Generation, [.. config.Passwords!.Select(p => new ConfigPassword(p.ExpiresAt))], config.Limits, config.Features, config.Throttles, config.JobtypeThrottles, config.Cron, config.Weights, config.Web, config.Brand);
        return http.Response.WriteAsJsonAsync(body, AdminJson.Default.ConfigBody, cancellationToken: http.RequestAborted);
    }
}
