using Faktory.Server.Engine;
using Faktory.Server.Queues;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /queues: the queues by name, how many jobs wait in each and for how long.</summary>
static class QueuesPage
{
    const int QueuesMax = 100;

    // Knowing how long the first job has been waiting may mean to read it from disk.
    const int LatenciesPerStep = 10;

    readonly record struct Row(string Name, long Count, QueuePause? Pause);

    internal static async Task ShowAsync(UiCall ui)
    {
        var (part, after) = (ui.Query("name").Trim(), ui.Query("after"));
        var all = await ui.Engine.CallAsync(e => e.Queues.Known.Select(q => new Row(q.Name, q.Count, q.Pause)).ToArray());
        var wanted = all.Where(r => r.Name.Contains(part, StringComparison.OrdinalIgnoreCase) && string.CompareOrdinal(r.Name, after) > 0).ToArray();
        var shown = wanted.Take(QueuesMax).ToArray();
        var latencies = new List<TimeSpan>();
        foreach (var names in shown.Select(r => r.Name).Chunk(LatenciesPerStep))
            latencies.AddRange(await ui.Engine.CallAsync(e => Latencies(e, names)));

        await ui.ShowAsync(ui.Locale[Phrase.Queues], "/queues", html =>
        {
            html.Add($"""<div class="bar"><h1>{Phrase.Queues}</h1>""");
            if (ui.Site.State.AllowsEnqueue)
                html.Add($"""<a class="button" href="{ui.To($"/enqueue")}">{Phrase.EnqueueJob}</a>""");
            html.Add($"""</div>""");
            if (all.Length == 0)
            {
                html.Add($"""<p class="empty">{Phrase.NoQueues}</p>""");
                return;
            }
            html.Add($"""<form class="filter" role="search"><label>{Phrase.Name} <input name="name" value="{part}" maxlength="200"></label> <button>{Phrase.Search}</button></form>""");
            html.Add($"""<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Name}</th><th scope="col" class="number">{Phrase.Size}</th><th scope="col" class="number">{Phrase.Latency}</th><th scope="col">{Phrase.State}</th><th scope="col">{Phrase.Actions}</th></tr></thead><tbody>""");
            foreach (var (row, latency) in shown.Zip(latencies))
                Write(html, ui, row, latency);
            html.Add($"""</tbody></table></div>""");
            if (wanted.Length == 0)
                html.Add($"""<p class="empty">{Phrase.NothingFound}</p>""");
            if (wanted.Length > shown.Length)
                html.Add($"""<p class="pager"><a href="{ui.To($"/queues?name={part}&after={shown[^1].Name}")}">{Phrase.NextPage}</a></p>""");
        });
    }

    static TimeSpan[] Latencies(JobEngine engine, string[] names) =>
        [.. names.Select(name => new TimeSpan(engine.Queues.Find(name)?.Latency(engine.Now) ?? 0))];

    static void Write(Html html, UiCall ui, Row row, TimeSpan latency)
    {
        html.Add($"""<tr><th scope="row"><a href="{ui.To($"/queues/{row.Name}")}">{row.Name}</a></th><td class="number">{row.Count}</td><td class="number">{html.Locale.Span(latency)}</td><td>""");
        if (row.Pause is { } pause)
        {
            html.Add($"""<span class="badge warn">{Phrase.Paused}</span>""");
            if (pause.Until is { } until)
                html.Add($""" <span class="when">{Phrase.EndsAt} {new Moment(until)}</span>""");
            if (pause.Reason.Length > 0)
                html.Add($"""<br>{pause.Reason}""");
        }
        html.Add($"""</td><td class="actions"><form method="post" action="{ui.To($"/queues/{row.Name}")}">""");
        if (row.Pause is not null)
            html.Add($"""<button name="action" value="resume" aria-label="{Phrase.Resume} {row.Name}">{Phrase.Resume}</button>""");
        else
            html.Add($"""<button name="action" value="pause" aria-label="{Phrase.Pause} {row.Name}">{Phrase.Pause}</button> <details class="more"><summary aria-label="{Phrase.Reason} {row.Name}">{Phrase.Reason}…</summary><input name="reason" maxlength="200" placeholder="{Phrase.Reason}" aria-label="{Phrase.Reason} {row.Name}"><input name="minutes" inputmode="numeric" pattern="[0-9]*" maxlength="6" placeholder="{Phrase.MinutesLong}" aria-label="{Phrase.MinutesLong} {row.Name}"></details>""");
        html.Add($"""</form><details class="confirm"><summary aria-label="{Phrase.Clear} {row.Name}">{Phrase.Clear}</summary><form method="post" action="{ui.To($"/queues/{row.Name}")}"><span>{html.Locale.Say(Phrase.ConfirmClear, row.Name, row.Count)}</span> <button class="danger" name="action" value="delete">{Phrase.Delete}</button></form></details></td></tr>""");
    }
}
