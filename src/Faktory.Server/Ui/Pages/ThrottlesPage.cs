using Faktory.Server.Engine;
using Faktory.Server.Throttling;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /throttles: what is held back at the moment, and by which rule.</summary>
static class ThrottlesPage
{
    sealed record Row(string Name, bool IsQueue, int InUse, int? Concurrency, int? PerWorker, RateRule? Rate, long Tokens);

    internal static async Task ShowAsync(UiCall ui)
    {
        var rows = await ui.Engine.CallAsync(Take);
        await ui.ShowAsync(ui.Locale[Phrase.Throttles], "/throttles", html =>
        {
            html.Add($"""<h1>{Phrase.Throttles}</h1>""");
            if (rows.Length == 0)
            {
                html.Add($"""<p class="empty">{Phrase.NoThrottles}</p>""");
                return;
            }
            html.Add($"""<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Name}</th><th scope="col">{Phrase.AtWork}</th><th scope="col" class="number">{Phrase.EachWorker}</th><th scope="col">{Phrase.Rate}</th></tr></thead><tbody>""");
            foreach (var row in rows)
                Write(html, ui, row);
            html.Add($"""</tbody></table></div>""");
        });
    }

    static Row[] Take(JobEngine engine) =>
    [
        .. engine.Throttles.Queues.Select(t => new Row(t.Queue, true, t.InUse, t.Rule.Concurrency, t.Rule.PerWorker, t.Rule.Rate, TokensOf(t.Bucket, engine))),
        .. engine.Throttles.JobTypes.Select(t => new Row(t.Key, false, 0, null, null, t.Value.Rule, TokensOf(t.Value, engine))),
    ];

    static long TokensOf(TokenBucket? bucket, JobEngine engine) => bucket is null ? 0 : Math.Max(0, (long)bucket.Tokens(engine.SteadyNow));

    static void Write(Html html, UiCall ui, Row row)
    {
        html.Add($"""<tr><th scope="row">""");
        if (row.IsQueue)
            html.Add($"""<a href="{ui.To($"/queues/{row.Name}")}">{row.Name}</a>""");
        else
            html.Add($"""{row.Name} <span class="badge">{Phrase.JobType}</span>""");
        html.Add($"""</th><td>""");
        if (row.Concurrency is { } most)
            html.Add($"""<progress max="{(long)most}" value="{(long)Math.Min(row.InUse, most)}" aria-label="{Phrase.AtWork} {row.Name}"></progress> {html.Locale.Say(Phrase.DoneOf, (long)row.InUse, (long)most)}""");
        else if (row.IsQueue)
            html.Add($"""{row.InUse}""");
        html.Add($"""</td><td class="number">""");
        if (row.PerWorker is { } share)
            html.Add($"""{share}""");
        html.Add($"""</td><td>""");
        if (row.Rate is { } rate)
            html.Add($"""<progress max="{(long)rate.Burst}" value="{row.Tokens}" aria-label="{Phrase.Rate} {row.Name}"></progress> {html.Locale.Say(PhraseOf(rate), (long)rate.Count, row.Tokens)}""");
        html.Add($"""</td></tr>""");
    }

    static Phrase PhraseOf(RateRule rate) => rate.Period.TotalSeconds switch
    {
        1 => Phrase.RatePerSecond,
        60 => Phrase.RatePerMinute,
        _ => Phrase.RatePerHour,
    };
}
