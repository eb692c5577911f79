using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <summary>Takes a job back, after saying what that means.</summary>
static class CancelButton
{
    /// <param name="html">The page, not within another form.</param>
    /// <param name="ui">The request.</param>
    /// <param name="jid">The job.</param>
    /// <param name="confirmation">With a place for the jid.</param>
    /// <param name="back">Within the UI: the page that says what became of it.</param>
    internal static void Write(Html html, UiCall ui, string jid, Phrase confirmation, string back) =>
        html.Add($"""<details class="confirm"><summary aria-label="{Phrase.CancelJob} {jid}">{Phrase.CancelJob}</summary><form method="post" action="{ui.To($"/cancel")}"><input type="hidden" name="jid" value="{jid}"><input type="hidden" name="back" value="{back}"><span>{html.Locale.Say(confirmation, jid)}</span> <button class="danger">{Phrase.CancelJob}</button></form></details>""");
}
