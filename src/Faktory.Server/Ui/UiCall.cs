using Faktory.Server.Commands;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Protocol;
using Faktory.Server.Ui.Access;
using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Brands;
using Faktory.Server.Ui.Lists;
using Faktory.Server.Ui.Pages;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Faktory.Server.Ui;

/// <summary>One request to the UI: what it asks for, in which language, and how it is answered.</summary>
sealed class UiCall(HttpContext http, WebUi site)
{
    internal const string ThemeCookie = "faktory_theme";

    // Fields of a form: a page of selected jobs and a few more. How long one may be is left to the body.
    static readonly FormOptions FormLimits = new() { ValueCountLimit = 256, KeyLengthLimit = 64, ValueLengthLimit = WebListener.BodyBytesMax };

    IFormCollection? _form;

    internal HttpContext Http => http;

    internal WebUi Site => site;

    internal string Mount { get; } = MountPoint.Of(http.Request);

    internal Locale Locale { get; } = Locales.Choose(http.Request);

    /// <summary>"dark", "light", or empty for what the browser prefers.</summary>
    internal string Theme { get; } = http.Request.Cookies[ThemeCookie] is "dark" or "light" ? http.Request.Cookies[ThemeCookie]! : "";

    /// <summary>Under whose name it is answered: the same for the whole page.</summary>
    internal Brand? Brand { get; } = site.State.Brand;

    /// <summary>Within the UI, without a slash at its end.</summary>
    internal string Path { get; } = MountPoint.Strip(http.Request.Path.Value ?? "", MountPoint.Of(http.Request));

    /// <summary>Where the page is, to come back to.</summary>
    internal string Here => Path + http.Request.QueryString.Value;

    /// <exception cref="EngineStoppedException">No commands are served at the moment.</exception>
    internal EngineLoop Engine => site.State.Engine ?? throw new EngineStoppedException();

    internal long Now => Rfc3339.ToUnixTicks(site.State.Clock.GetUtcNow());

    internal CancellationToken Cancel => http.RequestAborted;

    internal Url To(UrlParts path) => new(Mount + path.Text);

    internal Url To(JobList list) => new(Mount + list.Path);

    internal Url To(JobList list, UrlParts rest) => new(Mount + list.Path + rest.Text);

    internal string Query(string name) => http.Request.Query[name].ToString();

    /// <exception cref="BadHttpRequestException">It is no form, or it is too large.</exception>
    internal async Task<IFormCollection> FormAsync() => _form ??= await ReadFormAsync();

    async Task<IFormCollection> ReadFormAsync()
    {
        if (http.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true)
            throw new BadHttpRequestException("a form was expected", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await new FormFeature(http.Request, FormLimits).ReadFormAsync(Cancel);
        }
        catch (InvalidDataException e)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status413PayloadTooLarge, e);
        }
    }

    /// <summary>What a client could send, with the answer that it would get.</summary>
    /// <exception cref="EngineStoppedException">No commands are served at the moment.</exception>
    internal async Task<Reply> SendAsync(Command command)
    {
        if (command is not Refusal)
            Engine.Post(command);
        var reply = await command.Answered;
        // It may have come on the thread that serves all connections, which no page may hold up.
        await Task.Yield();
        return reply;
    }

    /// <summary>After an action: another page, which says what became of it.</summary>
    internal Task Redirect(Url to)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = to.Text;
        return Task.CompletedTask;
    }

    internal Task Redirect(JobList list, JobFilter filter, Outcome outcome) => Redirect(To(list, $"?{filter.Query}outcome={outcome.Id}"));

    internal Task ShowAsync(string title, string tab, Action<Html> body) => ShowAsync(title, tab, body, StatusCodes.Status200OK);

    internal async Task ShowAsync(string title, string tab, Action<Html> body, int status)
    {
        var counts = site.State.Engine is { } engine ? await engine.CallAsync(NavCounts.Take) : null;
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentLanguage = Locale.Tag;
        Layout.Write(new Html(http.Response.BodyWriter, Locale, Now), this, counts, new PageFrame(title, tab, site.Outcomes.Find(Query("outcome"))), body);
        await http.Response.BodyWriter.FlushAsync(Cancel);
    }

    /// <summary>A page that says why there is no other.</summary>
    internal Task RefuseAsync(int status, string reason) =>
        ShowAsync(reason, "", html => html.Add($"""<h1>{reason}</h1><p><a href="{To($"/")}">{Phrase.Dashboard}</a></p>"""), status);

    internal Task RefuseAsync(int status, Phrase reason) => RefuseAsync(status, Locale[reason]);
}
