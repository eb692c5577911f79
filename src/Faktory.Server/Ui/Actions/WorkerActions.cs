using Faktory.Server.Engine;
using Faktory.Server.Ui.Words;
using Faktory.Server.Workers;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>POST /busy: <c>signal</c> is quiet or terminate, <c>wid</c> one process or "all". They hear of it with their next heartbeat.</summary>
static class WorkerActions
{
    internal static async Task HandleAsync(UiCall ui)
    {
        var form = await ui.FormAsync();
        var (signal, wid) = (form["signal"].ToString(), form["wid"].ToString());
        if (signal is not ("quiet" or "terminate"))
        {
            await ui.RefuseAsync(StatusCodes.Status400BadRequest, Phrase.UnknownAction);
            return;
        }
        var state = signal == "quiet" ? WorkerState.Quiet : WorkerState.Terminate;
        var told = await ui.Engine.CallAsync(e => Tell(e, wid, state));
        var outcome = Outcome.Of(state == WorkerState.Quiet ? Phrase.QuietedProcesses : Phrase.StoppedProcesses, told, wid != "all" && told == 0 ? 1 : 0);
        await ui.Redirect(ui.To($"/busy?outcome={ui.Site.Outcomes.Keep(outcome).Id}"));
    }

    static int Tell(JobEngine engine, string wid, WorkerState state)
    {
        var workers = wid == "all" ? [.. engine.Workers.All] : engine.Workers.Find(wid) is { } one ? new[] { one } : [];
        foreach (var worker in workers)
            worker.Advance(state);
        return workers.Length;
    }
}
