using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>Jobs to be selected and acted on.</summary>
static class JobTable
{
    internal static void Write(Html html, UiCall ui, JobList list, JobFilter filter, IReadOnlyList<FoundJob> jobs)
    {
        html.Add($"""<form method="post" action="{ui.To(list)}">""");
        foreach (var (name, value) in filter.Fields)
            html.Add($"""<input type="hidden" name="{name}" value="{value}">""");
        html.Add($"""<div class="wide" tabindex="0"><table class="jobs"><thead><tr><th scope="col"><input type="checkbox" data-select-all aria-label="{Phrase.SelectAll}"></th>""");
        html.Add($"""<th scope="col">{When(list)}</th><th scope="col">{Phrase.JobType}</th><th scope="col">{Phrase.JobId}</th>""");
        if (list is SetList)
            html.Add($"""<th scope="col">{Phrase.Queue}</th>""");
        else
            html.Add($"""<th scope="col" class="number">{Phrase.Priority}</th>""");
        html.Add($"""<th scope="col">{Phrase.Arguments}</th>""");
        if (list is SetList)
            html.Add($"""<th scope="col">{Phrase.Error}</th>""");
        html.Add($"""</tr></thead><tbody>""");
        foreach (var (at, job) in jobs)
            Row(html, ui, list, at, job);
        html.Add($"""</tbody></table></div><div class="selected"><span>{Phrase.WithSelected}</span> """);
        Buttons(html, list);
        html.Add($"""</div></form>""");
    }

    internal static void Buttons(Html html, JobList list) => Buttons(html, list.Actions, list);

    internal static void Buttons(Html html, IEnumerable<JobAction> actions, JobList list)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case JobAction.Retry: html.Add($"""<button name="action" value="retry">{(list.Title == Phrase.Scheduled ? Phrase.AddToQueue : Phrase.RetryNow)}</button> """); break;
                case JobAction.Kill: html.Add($"""<button name="action" value="kill">{Phrase.Kill}</button> """); break;
                default: html.Add($"""<button class="danger" name="action" value="delete">{Phrase.Delete}</button> """); break;
            }
        }
    }

    static Phrase When(JobList list) => list.Title switch
    {
        Phrase.Retries => Phrase.NextRetry,
        Phrase.Scheduled => Phrase.ScheduledFor,
        Phrase.Dead => Phrase.Died,
        _ => Phrase.EnqueuedAt,
    };

    static void Row(Html html, UiCall ui, JobList list, JobPosition at, JobView job)
    {
        var key = list.Format(at);
        html.Add($"""<tr><td><input type="checkbox" name="key" value="{key}" aria-label="{Phrase.Select} {job.Jid}"></td><td class="when">""");
        if (JobTimes.Of(list, at, job) is { } when)
            html.Add($"""{new Moment(when)}""");
        html.Add($"""</td><td class="data"><b title="{job.Type}">{job.ShownType}</b></td><td class="data"><a href="{ui.To(list, $"/{key}")}"><code>{job.Jid}</code></a></td>""");
        if (list is SetList)
            html.Add($"""<td class="data">{job.Queue}</td>""");
        else
            html.Add($"""<td class="number">{10 - at.Major}</td>""");
        html.Add($"""<td class="args"><code>{job.ArgsPreview}</code></td>""");
        if (list is SetList)
            Error(html, job);
        html.Add($"""</tr>""");
    }

    static void Error(Html html, JobView job)
    {
        html.Add($"""<td class="error">""");
        if (job.Failure is { } failure)
            html.Add($"""<b>{failure.ErrorType}</b> {Shortened(failure.Message)} <span class="count" title="{Phrase.FailedTimes}">{failure.RetryCount + 1}×</span>""");
        html.Add($"""</td>""");
    }

    static string Shortened(string message) => message.Length > 160 ? string.Concat(message.AsSpan(0, 160), "…") : message;
}
