using Faktory.Server.Ui.Actions;
using Faktory.Server.Ui.Rendering;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Ui.Pages;

/// <param name="Title">Also the browser's title of the page.</param>
/// <param name="Tab">The path of the link that is marked as the current one.</param>
/// <param name="Outcome">What became of the action that led here; null without one.</param>
sealed record PageFrame(string Title, string Tab, Outcome? Outcome);

/// <summary>What all pages have around them.</summary>
static class Layout
{
    const string OwnName = "Faktory";

    internal static void Write(Html html, UiCall ui, NavCounts? counts, PageFrame page, Action<Html> body)
    {
        var locale = html.Locale;
        html.Add($"""<!doctype html><html lang="{locale.Tag}" dir="{Phrase.Direction}" data-theme="{ui.Theme}"><head><meta charset="utf-8">""");
        html.Add($"""<meta name="viewport" content="width=device-width, initial-scale=1"><title>{page.Title} · {ui.Brand?.Name ?? OwnName}</title>""");
        if (page.Outcome is { IsOver: false })
            html.Add($"""<meta http-equiv="refresh" content="1">""");
        html.Add($"""<link rel="stylesheet" href="{ui.To($"/static/ui.css?v={Assets.Version}")}">""");
        if (ui.Brand is { HasStyle: true } colored)
            html.Add($"""<link rel="stylesheet" href="{ui.To($"/static/brand.css?v={colored.Version}")}">""");
        if (LogoOf(ui) is { } icon)
            html.Add($"""<link rel="icon" type="image/png" href="{icon}">""");
        else
            html.Add($"""<link rel="icon" type="image/svg+xml" href="{ui.To($"/static/icon.svg?v={Assets.Version}")}">""");
        html.Add($"""<script defer src="{ui.To($"/static/ui.js?v={Assets.Version}")}"></script></head><body>""");
        html.Add($"""<a class="skip" href="#main">{Phrase.SkipToContent}</a><header><a class="brand" href="{ui.To($"/")}">""");
        if (LogoOf(ui) is { } logo)
            html.Add($"""<img class="logo" src="{logo}" alt="">""");
        html.Add($"""{ui.Brand?.Name ?? OwnName}</a><nav aria-label="{Phrase.Pages}"><ul>""");
        Link(html, page, "/", ui.To($"/"), Phrase.Dashboard, null);
        Link(html, page, "/busy", ui.To($"/busy"), Phrase.Busy, counts?.Busy);
        Link(html, page, "/queues", ui.To($"/queues"), Phrase.Queues, counts?.Queues);
        Link(html, page, "/retries", ui.To($"/retries"), Phrase.Retries, counts?.Retries);
        Link(html, page, "/scheduled", ui.To($"/scheduled"), Phrase.Scheduled, counts?.Scheduled);
        Link(html, page, "/morgue", ui.To($"/morgue"), Phrase.Dead, counts?.Dead);
        Link(html, page, "/batches", ui.To($"/batches"), Phrase.Batches, null);
        Link(html, page, "/cron", ui.To($"/cron"), Phrase.Cron, null);
        Link(html, page, "/throttles", ui.To($"/throttles"), Phrase.Throttles, null);
        Link(html, page, "/debug", ui.To($"/debug"), Phrase.Debug, null);
        html.Add($"""</ul></nav></header><main id="main" tabindex="-1">""");
        if (page.Outcome is { } outcome)
            OutcomeBanner.Write(html, ui, outcome);
        body(html);
        html.Add($"""</main>""");
        Footer(html, ui);
        html.Add($"""</body></html>""");
    }

    /// <summary>Beside the name, which says the same.</summary>
    static Url? LogoOf(UiCall ui) => ui.Brand is { HasLogo: true } brand ? ui.To($"/static/brand.png?v={brand.Version}") : null;

    static void Link(Html html, PageFrame page, string path, Url url, Phrase name, long? count)
    {
        html.Add($"""<li><a href="{url}" """);
        if (page.Tab == path)
            html.Add($"""aria-current="page" """);
        html.Add($""">{name}""");
        if (count is { } number)
            html.Add($""" <span class="count">{number}</span>""");
        html.Add($"""</a></li>""");
    }

    static void Footer(Html html, UiCall ui)
    {
        html.Add($"""<footer><span>Faktory {Commands.Info.FaktoryVersion} · faktory-server {ServerVersion.Product}</span>""");
        html.Add($"""<form method="post" action="{ui.To($"/preferences")}"><input type="hidden" name="back" value="{ui.Here}">""");
        html.Add($"""<label>{Phrase.Language} <select name="locale">""");
        foreach (var tag in Locales.Tags)
        {
            html.Add($"""<option value="{tag}" lang="{tag}" """);
            if (tag == html.Locale.Tag)
                html.Add($"""selected""");
            html.Add($""">{Locales.Get(tag)[Phrase.LanguageName]}</option>""");
        }
        html.Add($"""</select></label> <label>{Phrase.Theme} <select name="theme">""");
        foreach (var (theme, name) in ((string, Phrase)[])[("", Phrase.ThemeAutomatic), ("light", Phrase.ThemeLight), ("dark", Phrase.ThemeDark)])
        {
            html.Add($"""<option value="{theme}" """);
            if (theme == ui.Theme)
                html.Add($"""selected""");
            html.Add($""">{name}</option>""");
        }
        html.Add($"""</select></label> <button>{Phrase.Apply}</button></form></footer>""");
    }
}
