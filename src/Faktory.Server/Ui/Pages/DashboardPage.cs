using Faktory.Server.Metrics;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /: the counters, what happens now, and what happened on each of the last days.</summary>
static class DashboardPage
{
    static readonly int[] Ranges = [7, 30, 90, DailyHistory.DaysMax];

    internal static async Task ShowAsync(UiCall ui)
    {
        var days = int.TryParse(ui.Query("days"), out var asked) && Ranges.Contains(asked) ? asked : 30;
        var (stats, history) = await ui.Engine.CallAsync(e => (ServerStats.Take(e), e.History.Last(days)));
        await ui.ShowAsync(ui.Locale[Phrase.Dashboard], "/", html =>
        {
            html.Add($"""<h1>{Phrase.Dashboard}</h1>""");
            Counters(html, stats);
            html.Add($"""<section aria-labelledby="now"><div class="bar"><h2 id="now">{Phrase.RealTime}</h2><label class="when-live">{Phrase.PollEvery} <input id="interval" type="range" min="2" max="20" value="5"> <output for="interval" id="interval-shown" data-unit="{html.Locale.Say(Phrase.Seconds, "#")}">{html.Locale.Say(Phrase.Seconds, 5)}</output></label></div>""");
            html.Add($"""<svg id="live" class="chart" viewBox="0 0 600 120" preserveAspectRatio="none" role="img" aria-label="{Phrase.LiveGraph}" data-stats="{ui.To($"/stats")}"></svg>""");
            html.Add($"""<noscript><p class="note">{Phrase.LiveNeedsScript}</p></noscript><p class="legend"><span class="key ok"></span>{Phrase.ProcessedPerSecond} <b id="rate-processed"></b> <span class="key bad"></span>{Phrase.FailedPerSecond} <b id="rate-failed"></b></p><p id="summary" class="hidden" role="status" data-text="{Phrase.LiveSummary}"></p></section>""");
            History(html, ui, history);
            html.Add($"""<p class="note">{Phrase.Uptime}: <b>{html.Locale.Span(ui.Site.State.Traffic.Uptime)}</b> · {Phrase.Connections}: <b data-live="connections">{ui.Site.State.Traffic.Connections}</b> · {Phrase.Memory}: <b>{new ByteSize(Environment.WorkingSet)}</b></p>""");
        });
    }

    static void Counters(Html html, ServerStats stats)
    {
        html.Add($"""<dl class="cards">""");
        Card(html, Phrase.Processed, stats.TotalProcessed, "processed");
        Card(html, Phrase.Failed, stats.TotalFailures, "failures");
        Card(html, Phrase.Busy, stats.Working, "working");
        Card(html, Phrase.Enqueued, stats.Queued, "enqueued");
        Card(html, Phrase.Retries, stats.Retries, "retries");
        Card(html, Phrase.Scheduled, stats.Scheduled, "scheduled");
        Card(html, Phrase.Dead, stats.Dead, "dead");
        html.Add($"""</dl>""");
    }

    static void Card(Html html, Phrase name, long number, string live) =>
        html.Add($"""<div><dt>{name}</dt><dd data-live="{live}" data-group="{Phrase.DigitGroup}">{number}</dd></div>""");

    static void History(Html html, UiCall ui, DayOfHistory[] days)
    {
        html.Add($"""<section aria-labelledby="past"><div class="bar"><h2 id="past">{Phrase.History}</h2><ul class="tabs">""");
        foreach (var range in Ranges)
        {
            html.Add($"""<li><a href="{ui.To($"/?days={range}")}" """);
            if (range == days.Length)
                html.Add($"""aria-current="true" """);
            html.Add($""">{html.Locale.Say(Phrase.Days, range)}</a></li>""");
        }
        html.Add($"""</ul></div>""");
        HistoryChart.Write(html, days);
        html.Add($"""<p class="legend"><span class="key ok"></span>{Phrase.Processed} <span class="key bad"></span>{Phrase.Failed}</p>""");
        html.Add($"""<details><summary>{Phrase.AsTable}</summary><div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Day}</th><th scope="col" class="number">{Phrase.Processed}</th><th scope="col" class="number">{Phrase.Failed}</th></tr></thead><tbody>""");
        foreach (var day in days.Reverse())
            html.Add($"""<tr><th scope="row">{HistoryChart.NameOf(day)}</th><td class="number">{day.Processed}</td><td class="number">{day.Failures}</td></tr>""");
        html.Add($"""</tbody></table></div></details></section>""");
    }
}
