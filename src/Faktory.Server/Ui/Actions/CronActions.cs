using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>POST /cron: <c>action</c> is run, pause or resume, <c>id</c> says of which entry.</summary>
static class CronActions
{
    internal static async Task HandleAsync(UiCall ui)
    {
        var form = await ui.FormAsync();
        var (id, action) = (form["id"].ToString(), form["action"].ToString());
        if (action is not ("run" or "pause" or "resume"))
        {
            await ui.RefuseAsync(StatusCodes.Status400BadRequest, Phrase.UnknownAction);
            return;
        }
        if (!await ui.Engine.ChangeAsync(e => Apply(e, id, action)))
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchCron);
            return;
        }
        await ui.Redirect(ui.To($"/cron"));
    }

    // False when there is no such entry.
    static bool Apply(JobEngine engine, string id, string action)
    {
        if (engine.Cron.Find(id) is not { } run)
            return false;
        if (action != "run")
            engine.Cron.Pause(run, action == "pause");
        else if (engine.Features.IsOn(Feature.Cron))
            engine.Cron.RunNow(run);
        return true;
    }
}
