using Faktory.Server.Engine;
using Faktory.Server.Features;
using Faktory.Server.Scheduling;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /cron: what is enqueued by the clock, when it ran and when it will, with buttons to run it now and to pause it.</summary>
static class CronPage
{
    const int EntriesMax = 500;

    sealed record Row(string Id, string Schedule, string Zone, string JobType, string Queue, long LastRunAt, long NextAt, bool IsPaused, string? Problem);

    internal static async Task ShowAsync(UiCall ui)
    {
        var (rows, isOff) = await ui.Engine.CallAsync(e => (Take(e), e.Features.Refuse(Feature.Cron)));
        await ui.ShowAsync(ui.Locale[Phrase.Cron], "/cron", html =>
        {
            html.Add($"""<h1>{Phrase.Cron}</h1>""");
            if (isOff is not null)
                html.Add($"""<p class="note">{isOff}</p>""");
            if (rows.Length == 0)
            {
                html.Add($"""<p class="empty">{Phrase.NoCron}</p>""");
                return;
            }
            html.Add($"""<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Name}</th><th scope="col">{Phrase.Schedule}</th><th scope="col">{Phrase.Queue}</th><th scope="col">{Phrase.LastRun}</th><th scope="col">{Phrase.NextRun}</th><th scope="col">{Phrase.Actions}</th></tr></thead><tbody>""");
            foreach (var row in rows)
                Write(html, ui, row);
            html.Add($"""</tbody></table></div>""");
        });
    }

    static Row[] Take(JobEngine engine) =>
    [
        .. engine.Cron.All.Take(EntriesMax).Select(r => new Row(
            r.Entry.Id, r.Entry.Schedule, r.Entry.Zone.Id, r.Entry.JobType, r.Entry.Queue, r.LastRunAt, r.DueAt, r.IsPaused, r.Problem)),
    ];

    static void Write(Html html, UiCall ui, Row row)
    {
        html.Add($"""<tr><th scope="row" class="data">{row.JobType}<br><code>{row.Id}</code></th><td><code>{row.Schedule}</code> {row.Zone}</td><td class="data">{row.Queue}</td><td class="when">""");
        if (row.LastRunAt > 0)
            html.Add($"""{new Moment(row.LastRunAt)}""");
        if (row.Problem is { } problem)
            html.Add($"""<br><span class="badge warn">{problem}</span>""");
        html.Add($"""</td><td class="when">""");
        if (row.IsPaused)
            html.Add($"""<span class="badge warn">{Phrase.Paused}</span>""");
        else if (row.NextAt != TimedSet.Never)
            html.Add($"""{new Moment(row.NextAt)}""");
        html.Add($"""</td><td class="actions"><form method="post" action="{ui.To($"/cron")}"><input type="hidden" name="id" value="{row.Id}"><button name="action" value="run" aria-label="{Phrase.RunNow} {row.JobType}">{Phrase.RunNow}</button> """);
        if (row.IsPaused)
            html.Add($"""<button name="action" value="resume" aria-label="{Phrase.Resume} {row.JobType}">{Phrase.Resume}</button>""");
        else
            html.Add($"""<button name="action" value="pause" aria-label="{Phrase.Pause} {row.JobType}">{Phrase.Pause}</button>""");
        html.Add($"""</form></td></tr>""");
    }
}
