using Faktory.Server.Engine;
using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>POST to a queue: <c>action</c> is pause, resume, or delete without keys, which removes the queue; with keys it is about its jobs.</summary>
static class QueueActions
{
    internal static async Task HandleAsync(UiCall ui, string name)
    {
        var form = await ui.FormAsync();
        var action = form["action"].ToString();
        if (form.ContainsKey("key"))
        {
            await JobActions.HandleAsync(ui, new QueueList(name));
            return;
        }
        if (action is not ("pause" or "resume" or "delete"))
        {
            await ui.RefuseAsync(StatusCodes.Status400BadRequest, Phrase.UnknownAction);
            return;
        }
        if (await ui.Engine.ChangeAsync(e => Apply(e, name, action)) is not { } jobs)
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchQueue);
            return;
        }
        var said = action switch { "pause" => Phrase.PausedQueue, "resume" => Phrase.ResumedQueue, _ => Phrase.DeletedJobs };
        await ui.Redirect(ui.To($"/queues?outcome={ui.Site.Outcomes.Keep(Outcome.Of(said, jobs)).Id}"));
    }

    // How many jobs it held; null when there is no such queue.
    static long? Apply(JobEngine engine, string name, string action)
    {
        if (engine.Queues.Find(name) is not { } queue)
            return null;
        var jobs = queue.Count;
        if (action == "delete")
        {
            engine.Removals.RemoveQueue(queue);
            return jobs;
        }
        queue.Pause(action == "pause");
        if (action == "resume")
            engine.Wake(queue);
        return jobs;
    }
}
