using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faktory.Server.Tests.Ui;

/// <summary>Whatever stands in a job is text on a page. Clients are strangers.</summary>
public sealed class EncodingTests
{
    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "\" onfocus=alert(1) autofocus=\"",
        "' onmouseover='alert(1)", "</code></pre></table></main><h1>mine</h1>", "<!--", "]]>", "javascript:alert(1)", "{{7*7}}${7*7}<%= 7*7 %>",
        "<style>*{display:none}</style>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "&lt;script&gt;", "\u202Egnp.exe", "\0\u0001\u007f",
        "<a href=javascript:alert(1)>x</a>", "</title><script>alert(1)</script>", "<textarea>", "<iframe srcdoc='<script>alert(1)</script>'>",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Nothing_of_a_job_becomes_markup(string attack)
    {
        await using var ui = await UiServer.StartAsync();
        var plain = await CollectAsync(ui, "harmless");
        await using var attacked = await UiServer.StartAsync();

        var pages = await CollectAsync(attacked, attack);

        foreach (var (path, page) in pages)
            Skeleton(page).ShouldBe(Skeleton(plain[path]), $"{path} has other elements or attributes than with harmless texts");
    }

    // A job in each list, with the text in all that a client can choose, and all pages that show it.
    static async Task<Dictionary<string, string>> CollectAsync(UiServer ui, string text)
    {
        var json = JsonSerializer.Serialize(text);
        var jid = JsonSerializer.Serialize("job-1234" + text);
        var job = $$$"""{"jid":{{{jid}}},"jobtype":{{{json}}},"args":[{{{json}}},{{{{json}}}:1}],"custom":{{{{json}}}:{{{json}}},"wrapped":{{{json}}}},{{{json}}}:{{{json}}}""";
        await using var client = await ui.Server.ConnectAsync($$"""{"v":2,"wid":{{json}},"hostname":{{json}},"pid":1,"labels":[{{json}}]}""");
        (await client.CallAsync($$"""PUSH {{job}}}""")).ShouldBe("+OK");
        (await client.CallAsync("FETCH default")).ShouldNotBeNull();
        (await client.CallAsync($$"""FAIL {"jid":{{jid}},"errtype":{{json}},"message":{{json}},"backtrace":[{{json}}]}""")).ShouldBe("+OK");
        (await client.CallAsync($$"""PUSH {{job}},"retry":-1}""")).ShouldBe("+OK");
        (await client.CallAsync("FETCH default")).ShouldNotBeNull();
        (await client.CallAsync($$"""FAIL {"jid":{{jid}},"errtype":{{json}},"message":{{json}},"backtrace":[{{json}}]}""")).ShouldBe("+OK");
        (await client.CallAsync($$"""PUSH {{job}},"at":"2026-02-02T00:00:00Z"}""")).ShouldBe("+OK");
        (await client.CallAsync($$"""PUSH {{job}}}""")).ShouldBe("+OK");
        (await client.CallAsync($$"""PUSH {{job}}}""")).ShouldBe("+OK");
        (await client.CallAsync("FETCH default")).ShouldNotBeNull();

        var escaped = Uri.EscapeDataString(text.Replace("\0", "", StringComparison.Ordinal));
        var pages = new Dictionary<string, string>();
        foreach (var list in (string[])["retries", "morgue", "scheduled", "queues/default"])
        {
            pages[list] = await ui.GetAsync($"/{list}");
            UiServer.KeysOf(pages[list]).Length.ShouldBe(1);
            pages[list + "/job"] = await ui.GetAsync($"/{list}/{Uri.EscapeDataString(UiServer.KeysOf(pages[list])[0])}");
            pages[list + "?"] = await ui.GetAsync($"/{list}?jid={escaped}&type=nothing-like-it&error={escaped}");
        }
        pages["busy"] = await ui.GetAsync("/busy");
        pages["busy/jobs"] = await ui.GetAsync($"/busy/jobs?jid={Uri.EscapeDataString("job-1234" + text)}");
        pages["queues?"] = await ui.GetAsync($"/queues?name={escaped}");
        return pages;
    }

    // The tags and the names of their attributes, without any text or value.
    static string Skeleton(string page) =>
        string.Join('\n', Regex.Matches(page, "<[^>\"]*(?:\"[^\"]*\"[^>\"]*)*>").Select(tag => Regex.Replace(tag.Value, "\"[^\"]*\"", "\"\"")));
}
