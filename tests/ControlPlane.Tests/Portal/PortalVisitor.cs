using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace ControlPlane.Tests.Portal;

/// <summary>A browser without script: keeps cookies, reads pages, and posts their forms with the hidden fields in them.</summary>
sealed class PortalVisitor(Uri portal) : IDisposable
{
    internal const string Password = "a few plain words";

    readonly HttpClient http = new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = portal };

    internal HttpResponseMessage LastResponse { get; private set; } = new();
    internal IHtmlDocument Page { get; private set; } = null!;
    internal string Text => string.Join(' ', Page.QuerySelector("main")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    internal string Path => LastResponse.RequestMessage!.RequestUri!.AbsolutePath;

    internal async Task GoAsync(string path) => await ReadAsync(await http.GetAsync(path));

    /// <summary>Fills in the form that has a button of this name, and presses it.</summary>
    internal async Task SubmitAsync(string button, params (string Field, string Value)[] values)
    {
        var pressed = Page.QuerySelectorAll<IHtmlButtonElement>("form button, button[form]").First(b => b.TextContent.Trim().StartsWith(button, StringComparison.Ordinal));
        var form = pressed.Form!;
        var fields = form.Elements.OfType<IHtmlInputElement>().Where(i => i.Name is { Length: > 0 } && (i.Type is not ("checkbox" or "radio") || i.IsChecked)).GroupBy(i => i.Name!).ToDictionary(g => g.Key, g => g.Last().Value);
        foreach (var select in form.Elements.OfType<IHtmlSelectElement>())
            fields[select.Name!] = select.Value!;
        foreach (var area in form.Elements.OfType<IHtmlTextAreaElement>())
            fields[area.Name!] = area.Value;
        foreach (var (field, value) in values)
            fields[field] = value;
        if (pressed.Name is { Length: > 0 } name)
            fields[name] = pressed.Value;
        await PostAsync(form.GetAttribute("action") is { Length: > 0 } action ? new Uri(portal, action).PathAndQuery : LastResponse.RequestMessage!.RequestUri!.PathAndQuery, fields);
    }

    internal Task<string> DownloadAsync(string href) => http.GetStringAsync(new Uri(portal, href));

    internal async Task PostAsync(string path, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        await ReadAsync(await http.PostAsync(path, content));
    }

    internal async Task SignUpAsync(string email)
    {
        await GoAsync("/sign-up");
        await SubmitAsync("Create account", ("Form.Email", email), ("Form.Password", Password), ("Form.Organization", "Acme"));
        Path.ShouldBe("/instances", Text);
    }

    internal async Task SignInAsync(string email, string password)
    {
        await GoAsync("/sign-in");
        await SubmitAsync("Sign in", ("Form.Email", email), ("Form.Password", password));
    }

    /// <summary>The events of a live stream, until it or the test ends.</summary>
    internal async IAsyncEnumerable<string> ListenAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancel);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(await response.Content.ReadAsStreamAsync(cancel)).EnumerateAsync(cancel))
            yield return $"{item.EventType} {item.Data}";
    }

    public void Dispose() => http.Dispose();

    async Task ReadAsync(HttpResponseMessage response)
    {
        LastResponse = response;
        Page = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());
    }
}
