using System.Globalization;
using Faktory.Server.Engine;
using Faktory.Server.Queues;
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
        if (await ui.Engine.ChangeAsync(e => Apply(e, name, action, PauseOf(form, e.Now))) is not { } jobs)
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchQueue);
            return;
        }
        var said = action switch { "pause" => Phrase.PausedQueue, "resume" => Phrase.ResumedQueue, _ => Phrase.DeletedJobs };
        await ui.Redirect(ui.To($"/queues?outcome={ui.Site.Outcomes.Keep(Outcome.Of(said, jobs)).Id}"));
    }

    // What is no sensible number of minutes has no end: the page shows which it is.
    static QueuePause PauseOf(IFormCollection form, long now)
    {
        var reason = form["reason"].ToString().Trim();
        return new QueuePause(
            reason[..Math.Min(reason.Length, QueuePause.ReasonCharactersMax)],
            int.TryParse(form["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? now + minutes * TimeSpan.TicksPerMinute : null);
    }

    // How many jobs it held; null when there is no such queue.
    static long? Apply(JobEngine engine, string name, string action, QueuePause pause)
    {
        if (engine.Queues.Find(name) is not { } queue)
            return null;
        var jobs = queue.Count;
        if (action == "delete")
        {
            engine.Removals.RemoveQueue(queue);
            return jobs;
        }
        engine.Queues.Pause(queue, action == "pause" ? pause : null);
        if (action == "resume")
            engine.Wake(queue);
        return jobs;
    }
}
