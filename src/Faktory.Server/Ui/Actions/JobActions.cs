using Faktory.Server.Engine;
using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>
/// POST to a list: <c>action</c> is delete, retry (or add_to_queue) or kill, <c>key</c> the jobs that were selected, or "all": then it is done to
/// all that match the filter, step by step while others are served.
/// </summary>
static class JobActions
{
    static readonly TimeSpan ShownAfter = TimeSpan.FromMilliseconds(500);

    internal static async Task HandleAsync(UiCall ui, JobList list)
    {
        var form = await ui.FormAsync();
        if (Read(form["action"].ToString()) is not { } action || !list.Actions.Contains(action))
        {
            await ui.RefuseAsync(StatusCodes.Status400BadRequest, Phrase.UnknownAction);
            return;
        }
        var filter = JobFilter.From(name => form[name]);
        var outcome = form["key"] == "all" ? await ApplyToAllAsync(ui, list, filter, action) : await ApplyAsync(ui, list, [.. form["key"].OfType<string>()], action);
        if (outcome is null)
            await ui.RefuseAsync(StatusCodes.Status429TooManyRequests, Phrase.TooManyActions);
        else
            await ui.Redirect(list, filter, outcome);
    }

    static JobAction? Read(string action) => action switch
    {
        "delete" => JobAction.Delete,
        "retry" or "add_to_queue" => JobAction.Retry,
        "kill" => JobAction.Kill,
        _ => null,
    };

    static Phrase Said(JobAction action) => action switch
    {
        JobAction.Delete => Phrase.DeletedJobs,
        JobAction.Retry => Phrase.QueuedJobs,
        _ => Phrase.KilledJobs,
    };

    static async Task<Outcome?> ApplyAsync(UiCall ui, JobList list, string[] keys, JobAction action)
    {
        var jobs = keys.Select(list.Parse).OfType<JobPosition>().Distinct().ToArray();
        var done = jobs.Length == 0 ? 0 : await ui.Engine.ChangeAsync(e => list.Apply(e, jobs, action));
        return ui.Site.Outcomes.Keep(Outcome.Of(Said(action), done, keys.Length - done));
    }

    static async Task<Outcome?> ApplyToAllAsync(UiCall ui, JobList list, JobFilter filter, JobAction action)
    {
        var engine = ui.Engine;
        if (action == JobAction.Delete && filter.IsEmpty && await engine.ChangeAsync(list.TryClear) is { } cleared)
            return ui.Site.Outcomes.Keep(Outcome.Of(Phrase.DeletedJobs, cleared));
        // What comes into the list meanwhile, such as a job that was retried and has failed again, is left alone.
        var (total, last) = await engine.CallAsync(e => (list.Count(e) ?? 0, e.Store.Counters.LastSequence));
        var outcome = ui.Site.Outcomes.TryRun(new Outcome(Said(action)) { Total = total }, running => RunAsync(engine, list, filter, action, last, running));
        if (outcome is not null)
            await ui.Site.Outcomes.GiveTimeAsync(outcome, ShownAfter, ui.Site.State.Clock);
        return outcome;
    }

    static async Task RunAsync(EngineLoop engine, JobList list, JobFilter filter, JobAction action, ulong last, Outcome outcome)
    {
        // The caller holds a lock.
        await Task.Yield();
        try
        {
            JobPosition? after = null;
            while (!outcome.IsStopping)
            {
                var from = after;
                var part = await engine.CallAsync(e => list.Read(e, from, isBackward: false, JobList.StepJobsMax));
                if (part.Count == 0)
                    break;
                after = part[^1].At;
                var wanted = part.Where(j => j.At.Sequence <= last && filter.Matches(JobView.Read(j.Record))).Select(j => j.At).ToArray();
                outcome.Count(part.Count, wanted.Length == 0 ? 0 : await engine.CallAsync(e => list.Apply(e, wanted, action)));
            }
            // What is said to be done has to be durable.
            await engine.ChangeAsync(_ => true);
            outcome.End();
        }
        catch (EngineStoppedException e)
        {
            outcome.End(e.Message);
        }
    }
}
