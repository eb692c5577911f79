using Faktory.Server.Batches;
using Faktory.Server.Engine;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /batches: how far each batch is. In parts by id; within a part the latest first.</summary>
static class BatchesPage
{
    const int BatchesMax = 100;

    // A copy: the batch itself goes on changing in the engine.
    sealed record Row(string Bid, string? ParentBid, string? Description, long CreatedAt, long Total, long Pending, long Failed, bool IsCommitted, BatchStage? Complete, BatchStage? Success);

    internal static async Task ShowAsync(UiCall ui)
    {
        var after = ui.Query("after");
        var rows = await ui.Engine.CallAsync(e => Take(e, after.Length == 0 ? null : after));
        await ui.ShowAsync(ui.Locale[Phrase.Batches], "/batches", html =>
        {
            html.Add($"""<h1>{Phrase.Batches}</h1>""");
            if (rows.Length == 0)
            {
                html.Add($"""<p class="empty">{Phrase.NoBatches}</p>""");
                return;
            }
            html.Add($"""<div class="wide" tabindex="0"><table><thead><tr><th scope="col">{Phrase.Created}</th><th scope="col">{Phrase.Description}</th><th scope="col">{Phrase.Progress}</th><th scope="col" class="number">{Phrase.Pending}</th><th scope="col" class="number">{Phrase.Failed}</th><th scope="col">{Phrase.WhenComplete}</th><th scope="col">{Phrase.WhenSuccessful}</th></tr></thead><tbody>""");
            foreach (var row in rows.OrderByDescending(r => r.CreatedAt))
                Write(html, row);
            html.Add($"""</tbody></table></div>""");
            if (rows.Length == BatchesMax)
                html.Add($"""<p class="pager"><a rel="next" href="{ui.To($"/batches?after={rows[^1].Bid}")}">{Phrase.NextPage}</a></p>""");
        });
    }

    static Row[] Take(JobEngine engine, string? after) =>
    [
        .. engine.Batches.Read(after, BatchesMax).Select(b => new Row(
            b.Bid, b.ParentBid, b.Description, b.CreatedAt, b.Total, b.Pending, b.Failed, b.IsCommitted,
            b.Complete is null ? null : b.CompleteStage, b.Success is null ? null : b.SuccessStage)),
    ];

    static void Write(Html html, Row row)
    {
        var done = row.Total - row.Pending - row.Failed;
        html.Add($"""<tr><td class="when">{new Moment(row.CreatedAt)}</td><th scope="row" class="data">""");
        if (row.Description is { } description)
            html.Add($"""{description}<br>""");
        html.Add($"""<code>{row.Bid}</code>""");
        if (row.ParentBid is { } parent)
            html.Add($""" <span class="badge">{html.Locale.Say(Phrase.PartOf, parent)}</span>""");
        if (!row.IsCommitted)
            html.Add($""" <span class="badge warn">{Phrase.NotCommitted}</span>""");
        html.Add($"""</th><td><progress max="{Math.Max(1, row.Total)}" value="{(row.Total == 0 ? 1 : done)}" aria-label="{Phrase.Progress} {row.Bid}"></progress> {html.Locale.Say(Phrase.DoneOf, done, row.Total)}</td><td class="number">{row.Pending}</td><td class="number">{row.Failed}</td><td>{StageOf(row.Complete)}</td><td>{StageOf(row.Success)}</td></tr>""");
    }

    static Phrase StageOf(BatchStage? callback) => callback switch
    {
        null => Phrase.NoCallback,
        BatchStage.Pending => Phrase.StillToCome,
        BatchStage.Enqueued => Phrase.CallbackEnqueued,
        _ => Phrase.CallbackDone,
    };
}
