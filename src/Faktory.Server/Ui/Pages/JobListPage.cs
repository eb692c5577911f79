using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET of a queue or a set: a page of its jobs, those that match when something is looked for, and what can be done to them.</summary>
static class JobListPage
{
    internal static async Task ShowAsync(UiCall ui, JobList list)
    {
        if (await ui.Engine.CallAsync(list.Count) is not { } count)
        {
            await ui.RefuseAsync(StatusCodes.Status404NotFound, Phrase.NoSuchQueue);
            return;
        }
        var filter = JobFilter.From(name => ui.Http.Request.Query[name]);
        var (after, before) = (list.Parse(ui.Query("after")), list.Parse(ui.Query("before")));
        var isReversed = before is not null && after is null;
        var page = await JobSearch.FindAsync(ui.Engine, list, filter, after ?? before, list.IsNewestFirst != isReversed, ui.Cancel);
        var jobs = isReversed ? [.. page.Jobs.Reverse()] : page.Jobs;

        var title = list.Name.Length == 0 ? ui.Locale[list.Title] : $"{ui.Locale[list.Title]} {list.Name}";
        await ui.ShowAsync(title, list is QueueList ? "/queues" : list.Path, html =>
        {
            html.Add($"""<div class="bar"><h1>{title} <span class="count">{count}</span></h1>""");
            if (list is QueueList && ui.Site.State.AllowsEnqueue)
                html.Add($"""<a class="button" href="{ui.To($"/enqueue?queue={list.Name}")}">{Phrase.EnqueueJob}</a>""");
            html.Add($"""</div>""");
            if (count == 0)
            {
                html.Add($"""<p class="empty">{Phrase.NoJobs}</p>""");
                return;
            }
            Search(html, ui, list, filter);
            if (!filter.IsEmpty)
                html.Add($"""<p class="note" role="status">{html.Locale.Say(Phrase.LookedAt, page.LookedAt, count)}</p>""");
            if (jobs.Count > 0)
                JobTable.Write(html, ui, list, filter, jobs);
            else
                html.Add($"""<p class="empty">{Phrase.NothingFound}</p>""");
            Pager(html, ui, list, filter, page, jobs, isReversed, isFirst: after is null && before is null);
            BulkActions(html, ui, list, filter, count);
        });
    }

    static void Search(Html html, UiCall ui, JobList list, JobFilter filter)
    {
        html.Add($"""<form class="filter" role="search">""");
        Field(html, "type", Phrase.JobType, filter.Type);
        if (list is SetList)
        {
            Field(html, "queue", Phrase.Queue, filter.Queue);
            Field(html, "error", Phrase.Error, filter.Error);
        }
        Field(html, "jid", Phrase.JobId, filter.Jid);
        html.Add($"""<button>{Phrase.Search}</button>""");
        if (!filter.IsEmpty)
            html.Add($""" <a href="{ui.To(list)}">{Phrase.ShowAll}</a>""");
        html.Add($"""</form>""");
    }

    static void Field(Html html, string name, Phrase label, string value) =>
        html.Add($"""<label>{label} <input name="{name}" value="{value}" maxlength="200" autocomplete="off" spellcheck="false"></label>""");

    static void Pager(Html html, UiCall ui, JobList list, JobFilter filter, FoundJobs page, IReadOnlyList<FoundJob> jobs, bool isReversed, bool isFirst)
    {
        // Which way there is more: a look backwards knows it of what comes before, and came from what comes after.
        JobPosition? next = isReversed ? jobs.Count > 0 ? jobs[^1].At : null : page.Next;
        JobPosition? previous = list is QueueList || isFirst || (isReversed && page.Next is null) || jobs.Count == 0 ? null : jobs[0].At;
        if (isFirst && next is null)
            return;
        html.Add($"""<nav class="pager" aria-label="{Phrase.MorePages}">""");
        if (!isFirst)
            html.Add($"""<a href="{ui.To(list, $"?{filter.Query}")}">{Phrase.FirstPage}</a> """);
        if (previous is { } first)
            html.Add($"""<a rel="prev" href="{ui.To(list, $"?{filter.Query}before={list.Format(first)}")}">{Phrase.PreviousPage}</a> """);
        if (next is { } last)
            html.Add($"""<a rel="next" href="{ui.To(list, $"?{filter.Query}after={list.Format(last)}")}">{Phrase.NextPage}</a>""");
        html.Add($"""</nav>""");
    }

    static void BulkActions(Html html, UiCall ui, JobList list, JobFilter filter, long count)
    {
        html.Add($"""<details class="bulk"><summary>{(filter.IsEmpty ? Phrase.DoToAll : Phrase.DoToMatching)}</summary><form method="post" action="{ui.To(list)}"><input type="hidden" name="key" value="all">""");
        foreach (var (name, value) in filter.Fields)
            html.Add($"""<input type="hidden" name="{name}" value="{value}">""");
        html.Add($"""<p>{html.Locale.Say(filter.IsEmpty ? Phrase.ConfirmAll : Phrase.ConfirmMatching, count)}</p>""");
        JobTable.Buttons(html, list);
        html.Add($"""</form></details>""");
    }
}
