using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;

namespace Faktory.Server.Ui.Pages;

/// <summary>GET /enqueue: a form for one job, where the server allows that. Fields may be given in the address, such as <c>?queue=mail</c>.</summary>
static class EnqueuePage
{
    const int NameCharactersMax = 1000;

    internal static Task ShowAsync(UiCall ui) => ui.Site.State.AllowsEnqueue
        ? ShowAsync(ui, EnqueueForm.From(name => ui.Http.Request.Query[name]), null)
        : ui.RefuseAsync(StatusCodes.Status403Forbidden, Phrase.EnqueueIsOff);

    /// <param name="ui">The request.</param>
    /// <param name="form">What stands in the fields.</param>
    /// <param name="refusal">Why it was not taken; null when that was not tried.</param>
    internal static Task ShowAsync(UiCall ui, EnqueueForm form, string? refusal) => ui.ShowAsync(
        ui.Locale[Phrase.EnqueueJob],
        "/queues",
        html =>
        {
            html.Add($"""<p class="crumbs"><a href="{ui.To($"/queues")}">{Phrase.Queues}</a></p><h1>{Phrase.EnqueueJob}</h1>""");
            if (refusal is not null)
                html.Add($"""<p class="refusal" role="alert" id="refusal"><b>{Phrase.Error}</b> {refusal}</p>""");
            html.Add($"""<form method="post" action="{ui.To($"/enqueue")}" class="fields">""");
            html.Add($"""<div><label>{Phrase.JobType} <input name="jobtype" value="{form.JobType}" maxlength="{Invariant(NameCharactersMax)}" required autocomplete="off" spellcheck="false"></label></div>""");
            html.Add($"""<div><label>{Phrase.Queue} <input name="queue" value="{form.Queue}" placeholder="default" maxlength="{Invariant(NameCharactersMax)}" autocomplete="off" spellcheck="false"></label></div>""");
            Area(html, "args", html.Locale[Phrase.Arguments], html.Locale[Phrase.ArgumentsHint], form.Args, "[1, \"two\", {\"three\": 3}]", EnqueueForm.ArgsCharactersMax, 6);
            Text(html, "at", Phrase.ScheduledFor, Phrase.DueHint, form.At, "2030-01-02T03:04:05Z");
            Text(html, "retry", Phrase.Retries, Phrase.RetriesHint, form.Retry, "25");
            Text(html, "priority", Phrase.Priority, Phrase.PriorityHint, form.Priority, "5");
            Area(html, "custom", "custom", html.Locale[Phrase.CustomHint], form.Custom, "{\"unique_for\": 3600}", EnqueueForm.CustomCharactersMax, 3);
            html.Add($"""<div class="long"><button class="primary">{Phrase.EnqueueJob}</button></div></form>""");
        },
        refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    static void Text(Html html, string name, Phrase label, Phrase hint, string value, string example) =>
        html.Add($"""<div><label>{label} <input name="{name}" value="{value}" placeholder="{example}" maxlength="100" autocomplete="off" spellcheck="false" aria-describedby="{name}-hint"></label><small id="{name}-hint">{hint}</small></div>""");

    // Browsers leave out the line break after the tag, so one of the value would be lost.
    static void Area(Html html, string name, string label, string hint, string value, string example, int charactersMax, int rows)
    {
        html.Add($"""<div class="long"><label>{label} <textarea name="{name}" rows="{Invariant(rows)}" placeholder="{example}" maxlength="{Invariant(charactersMax)}" spellcheck="false" aria-describedby="{name}-hint">""");
        html.Add($"\n{value}");
        html.Add($"""</textarea></label><small id="{name}-hint">{hint}</small></div>""");
    }

    static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
