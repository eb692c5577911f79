using System.Text;
using Faktory.Server.Commands;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>
/// POST /cancel: <c>jid</c> is deleted wherever it is by now, waiting, scheduled, to be retried or at work; <c>back</c> is the page to return to.
/// </summary>
static class CancelAction
{
    internal static async Task HandleAsync(UiCall ui)
    {
        var form = await ui.FormAsync();
        var reply = await ui.SendAsync(new Cancel(Encoding.UTF8.GetBytes(form["jid"].ToString())));
        var said = Encoding.UTF8.GetString(reply.Bytes.Span);
        // Anything else that it says is a reason: too many searches, or the feature is switched off.
        if (reply.IsError && !said.StartsWith("ERR Job not found", StringComparison.Ordinal))
        {
            await ui.RefuseAsync(StatusCodes.Status409Conflict, said);
            return;
        }
        var outcome = ui.Site.Outcomes.Keep(Outcome.Of(Phrase.CancelledJobs, reply.IsError ? 0 : 1, reply.IsError ? 1 : 0));
        var back = Preferences.Back(ui, form["back"].ToString()).Text;
        await ui.Redirect(new Url($"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}outcome={outcome.Id}"));
    }
}
