using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Admin;

sealed record CronBody(IReadOnlyList<CronRunBody> Cron);

/// <param name="Id">Its name, or what it is made of.</param>
/// <param name="NextRunAt">Null while it is paused.</param>
/// <param name="Problem">Why the last run was not enqueued.</param>
sealed record CronRunBody(string Id, string Schedule, string TimeZone, string Type, string Queue, DateTimeOffset? LastRunAt, DateTimeOffset? NextRunAt, bool Paused, string? Problem);

/// <summary>GET /admin/cron, and POST /admin/cron?id=ID&amp;action=ACTION: run, pause or resume one of them.</summary>
static class CronCalls
{
    static readonly Problem UnknownCron = new("There is no such cron job.", StatusCodes.Status404NotFound, "unknown_cron");
    static readonly Problem UnknownAction = new("The action must be run, pause or resume.", StatusCodes.Status400BadRequest, "unknown_action");

    internal static void Map(WebApplication app, AdminContext admin)
    {
        app.MapGet("/admin/cron", http => WriteAsync(http, admin));
        app.MapPost("/admin/cron", http => ActAsync(http, admin));
    }

    static Task WriteAsync(HttpContext http, AdminContext admin) => EngineAnswer.WriteAsync(http, admin, e => e.CallAsync(List), AdminJson.Default.CronBody);

    static async Task ActAsync(HttpContext http, AdminContext admin)
    {
        var (id, action) = (http.Request.Query["id"].ToString(), http.Request.Query["action"].ToString());
        if (action is not ("run" or "pause" or "resume"))
        {
            await UnknownAction.WriteAsync(http);
            return;
        }
        try
        {
            var refusal = admin.State.Engine is { } engine ? await engine.ChangeAsync(e => Apply(e, id, action)) : StatsCalls.NotServing;
            if (refusal is null)
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            else
                await refusal.WriteAsync(http);
        }
        catch (EngineStoppedException)
        {
            await StatsCalls.NotServing.WriteAsync(http);
        }
    }

    static Problem? Apply(JobEngine engine, string id, string action)
    {
        if (engine.Cron.Find(id) is not { } run)
            return UnknownCron;
        if (action != "run")
        {
            engine.Cron.Pause(run, action == "pause");
            return null;
        }
        if (engine.Features.Refuse(Feature.Cron) is { } off)
            return NotRun(off);
        engine.Cron.RunNow(run);
        return run.Problem is { } problem ? NotRun(problem) : null;
    }

    static Problem NotRun(string why) => new("The job was not enqueued.", StatusCodes.Status409Conflict, "not_enqueued", why);

    static CronBody List(JobEngine engine) => new(
    [
        .. engine.Cron.All.Select(r => new CronRunBody(
            r.Entry.Id, r.Entry.Schedule, r.Entry.Zone.Id, r.Entry.JobType, r.Entry.Queue, r.LastRunAt > 0 ? Rfc3339.ToInstant(r.LastRunAt) : null,
            r.IsPaused || r.DueAt == TimedSet.Never ? null : Rfc3339.ToInstant(r.DueAt), r.IsPaused, r.Problem)),
    ]);
}
