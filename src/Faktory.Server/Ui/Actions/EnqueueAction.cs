using System.Security.Cryptography;
using System.Text;
using Faktory.Server.Commands;
using Faktory.Server.Connections;
using Faktory.Server.Jobs;
using Faktory.Server.Ui.Pages;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Actions;

/// <summary>POST /enqueue: a job is pushed as by a client. Where it is not taken, the form is shown again as it was filled in, with the words that a client would be told.</summary>
static class EnqueueAction
{
    internal static async Task HandleAsync(UiCall ui)
    {
        if (!ui.Site.State.AllowsEnqueue)
        {
            await ui.RefuseAsync(StatusCodes.Status403Forbidden, Phrase.EnqueueIsOff);
            return;
        }
        var fields = await ui.FormAsync();
        var form = EnqueueForm.From(name => fields[name]);
        if (await PushAsync(ui, form) is { } refusal)
        {
            await EnqueuePage.ShowAsync(ui, form, refusal);
            return;
        }
        var queue = form.Queue.Length == 0 ? "default" : form.Queue;
        if (Rfc3339.TryParse(Encoding.UTF8.GetBytes(form.At), out var at) && at > ui.Now)
            await ui.Redirect(ui.To($"/scheduled?outcome={ui.Site.Outcomes.Keep(Outcome.Of(Phrase.ScheduledJobs, 1)).Id}"));
        else
            await ui.Redirect(ui.To($"/queues?name={queue}&outcome={ui.Site.Outcomes.Keep(Outcome.Of(Phrase.QueuedJobs, 1)).Id}"));
    }

    // Null when it was taken.
    static async Task<string?> PushAsync(UiCall ui, EnqueueForm form)
    {
        var limits = ui.Site.State.Limits;
        if (form.TryWrite(RandomNumberGenerator.GetHexString(24, lowercase: true), limits.Jobs.JsonDepthMax, out var job) is { } refusal)
            return refusal;
        if (job.Length > limits.LineBytesMax)
            return Encoding.UTF8.GetString(ClientConnection.TooLong(limits).Bytes.Span);
        var reply = await ui.SendAsync(Push.Read(job.Span, limits.Jobs, ui.Now));
        return reply.IsError ? Encoding.UTF8.GetString(reply.Bytes.Span) : null;
    }
}
