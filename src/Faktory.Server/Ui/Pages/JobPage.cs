using Faktory.Server.Features;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET of one job: all that is known of it, laid out for reading.</summary>
static class JobPage
{
    sealed record RunningJob(JobRecord Record, string Wid, long ReservedAt, bool IsCancellable);

    internal static async Task ShowAsync(UiCall ui, JobList list, string key)
    {
        if (list.Parse(key) is not { } at || await ui.Engine.CallAsync(e => list.Find(e, at)) is not { } record)
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchJob);
            return;
        }
        var job = JobView.Read(record);
        // Deleting is by the job's place, which it may leave while somebody reads the page; cancelling finds it by its ID.
        var isCancellable = list != SetList.Dead && await ui.Engine.CallAsync(e => e.Features.IsOn(Feature.Cancel));
        await ui.ShowAsync(job.ShownType, list is QueueList ? "/queues" : list.Path, html =>
        {
            html.Add($"""<p class="crumbs"><a href="{ui.To(list)}">{list.Title} {list.Name}</a></p>""");
            Write(html, ui, job, JobTimes.Of(list, at, job) is { } due && list is SetList ? due : null);
            html.Add($"""<div class="selected"><form method="post" action="{ui.To(list)}"><input type="hidden" name="key" value="{key}">""");
            JobTable.Buttons(html, list.Actions.Where(a => !isCancellable || a != JobAction.Delete), list);
            html.Add($"""</form>""");
            if (isCancellable)
                CancelButton.Write(html, ui, job.Jid, Phrase.ConfirmCancel, list.Path);
            html.Add($"""</div>""");
        });
    }

    /// <summary>GET /busy/jobs?jid=JID: a job at work.</summary>
    internal static async Task ShowRunningAsync(UiCall ui, string jid)
    {
        var found = await ui.Engine.CallAsync(e => e.Reservations.Find(System.Text.Encoding.UTF8.GetBytes(jid), "") is { } r
            ? new RunningJob(e.ReadJob(r), r.Wid, r.ReservedAt, e.Features.IsOn(Feature.Cancel))
            : null);
        if (found is null)
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchJob);
            return;
        }
        var job = JobView.Read(found.Record);
        await ui.ShowAsync(job.ShownType, "/busy", html =>
        {
            html.Add($"""<p class="crumbs"><a href="{ui.To($"/busy")}">{Phrase.Busy}</a></p>""");
            Write(html, ui, job, found.ReservedAt);
            html.Add($"""<p class="note">{Phrase.Process}: <code>{found.Wid}</code></p>""");
            if (found.IsCancellable)
            {
                html.Add($"""<div class="selected">""");
                CancelButton.Write(html, ui, job.Jid, Phrase.ConfirmCancelRunning, "/busy");
                html.Add($"""</div>""");
            }
        });
    }

    static void Write(Html html, UiCall ui, JobView job, long? when)
    {
        html.Add($"""<h1 class="data">{job.ShownType}</h1><section><dl class="facts"><dt>{Phrase.JobId}</dt><dd><code>{job.Jid}</code></dd><dt>{Phrase.Queue}</dt><dd><a href="{ui.To($"/queues/{job.Queue}")}">{job.Queue}</a></dd>""");
        if (when is { } at)
            html.Add($"""<dt>{Phrase.Time}</dt><dd>{new Moment(at)}</dd>""");
        foreach (var (name, value) in job.Plain.Where(p => p.Key is not ("jid" or "queue")))
        {
            html.Add($"""<dt><code>{name}</code></dt><dd>""");
            if (JobTimes.Read(job, name) is { } moment)
                html.Add($"""<code>{value}</code> ({new Moment(moment)})</dd>""");
            else
                html.Add($"""<code>{value}</code></dd>""");
        }
        html.Add($"""<dt>{Phrase.Size}</dt><dd>{new ByteSize(job.Bytes)}</dd></dl></section>""");
        Failure(html, job);
        foreach (var (name, part) in job.Nested.Where(p => !p.Key.Equals("failure", StringComparison.OrdinalIgnoreCase)))
            html.Add($"""<h2><code>{name}</code></h2><pre tabindex="0"><code>{job.Pretty(part)}</code></pre>""");
        html.Add($"""<details><summary>{Phrase.WholeJob}</summary><pre tabindex="0"><code>{job.PrettyAll}</code></pre></details>""");
    }

    static void Failure(Html html, JobView job)
    {
        if (job.Failure is not { } failure)
            return;
        html.Add($"""<section class="failure"><h2>{failure.ErrorType}</h2><p class="data">{failure.Message}</p><dl class="facts"><dt>{Phrase.FailedTimes}</dt><dd>{failure.RetryCount + 1}</dd><dt>{Phrase.RetriesLeft}</dt><dd>{failure.Remaining}</dd>""");
        if (failure.FailedAt is { } at)
            html.Add($"""<dt>{Phrase.LastFailure}</dt><dd>{new Moment(at)}</dd>""");
        html.Add($"""</dl>""");
        if (failure.Backtrace.Count > 0)
            html.Add($"""<h3>{Phrase.Backtrace}</h3><pre tabindex="0"><code>{string.Join('\n', failure.Backtrace)}</code></pre>""");
        html.Add($"""</section>""");
    }
}
