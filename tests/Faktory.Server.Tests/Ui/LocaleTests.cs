using System.Net;
using System.Text.RegularExpressions;
using Faktory.Server.Ui.Words;

namespace Faktory.Server.Tests.Ui;

public sealed class LocaleTests
{
    static readonly string[] Keys = Enum.GetNames<Phrase>();

    public static TheoryData<string> Tags => [.. Locales.Tags];

    [Fact]
    public void The_languages_that_people_use_most_are_there() =>
        Locales.Tags.ShouldBe(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt-br", "ru", "zh-cn"]);

    [Fact]
    public void English_says_everything() => Locales.ReadFile("en").Keys.Order().ShouldBe(Keys.Order());

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_language_has_no_key_that_nothing_says_and_keeps_every_place(string tag)
    {
        var english = Locales.ReadFile("en");
        foreach (var (key, text) in Locales.ReadFile(tag))
        {
            Keys.ShouldContain(key);
            text.ShouldNotBeNullOrEmpty(key);
            Places(text).ShouldBe(Places(english[key]), $"{tag}: {key}");
        }
    }

    [Fact]
    public void What_a_language_lacks_is_said_in_English() => Locales.Get("de")[Phrase.JobId].ShouldBe("ID");

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData(null, "de-AT,de;q=0.9,en;q=0.8", "de")]
    [InlineData(null, "xx,pt;q=0.5,en;q=0.4", "pt-br")]
    [InlineData(null, "en;q=0.4,zh-TW;q=0.6", "zh-cn")]
    [InlineData(null, "fr;q=0,es", "es")]
    [InlineData(null, ";;,q=,,*", "en")]
    [InlineData("ja", "de", "ja")]
    [InlineData("../../etc/passwd", "de", "de")]
    public async Task The_cookie_chooses_then_the_browser_then_English(string? cookie, string? accepted, string expected)
    {
        await using var ui = await UiServer.StartAsync();
        var headers = new List<(string, string)>();
        if (cookie is not null)
            headers.Add(("Cookie", $"faktory_locale={cookie}"));
        if (accepted is not null)
            headers.Add(("Accept-Language", accepted));

        var page = await ui.GetAsync("/", [.. headers]);

        page.ShouldContain($"<html lang=\"{expected}\" dir=\"ltr\"");
        WebUtility.HtmlDecode(page).ShouldContain($"<h1>{Locales.Get(expected)[Phrase.Dashboard]}</h1>");
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public async Task Every_page_is_served_in_every_language(string tag)
    {
        await using var ui = await UiServer.StartAsync();
        await ui.FailAsync("job-00001");
        foreach (var path in (string[])["/", "/busy", "/queues", "/retries", "/scheduled", "/morgue", "/debug"])
            (await ui.GetAsync(path, ("Cookie", $"faktory_locale={tag}"))).ShouldContain($"lang=\"{tag}\"");
    }

    static string Places(string text) => string.Concat(Regex.Matches(text, @"\{\d\}").Select(m => m.Value).Distinct().Order());
}
