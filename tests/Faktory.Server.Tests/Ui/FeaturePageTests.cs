using Faktory.Server.Config;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Ui;

/// <summary>What the pages show of batches, throttles and tracked jobs.</summary>
public sealed class FeaturePageTests
{
    [Fact]
    public async Task Batches_are_shown_with_how_far_they_are_and_never_as_markup()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        (await ui.GetAsync("/batches")).ShouldContain("There are no batches.");
        var bid = await client.CallAsync("""BATCH NEW {"description":"<b>Import</b>","success":{"jid":"success-01","jobtype":"T","args":[],"queue":"side"}}""");
        foreach (var jid in (string[])["job-00001", "job-00002"])
            await client.PushAsync(jid, more: $"\"custom\":{{\"bid\":\"{bid}\"}}");
        await client.FetchJidAsync();
        await client.CallAsync("""ACK {"jid":"job-00001"}""");

        var page = await ui.GetAsync("/batches");
        page.ShouldContain("&lt;b&gt;Import&lt;/b&gt;");
        page.ShouldContain(bid!);
        page.ShouldContain("1 of 2");
        page.ShouldContain("not committed");
        page.ShouldContain("<progress max=\"2\" value=\"1\"");
    }

    [Fact]
    public async Task Throttles_are_shown_with_their_use()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        (await ui.GetAsync("/throttles")).ShouldContain("There are no throttles.");
        var rules = ThrottleSettings.Read(
            new Dictionary<string, ThrottleSettings> { ["default"] = new() { Concurrency = 3, Worker = 2, Rate = 10, Per = "minute" } },
            new Dictionary<string, ThrottleSettings> { ["<Mail>"] = new() { Rate = 7, Per = "hour" } });
        await ui.Server.Engine.CallAsync(e =>
        {
            e.Throttles.Follow(rules);
            return true;
        });
        await client.PushAsync("job-00001");
        await client.FetchJidAsync();

        var page = await ui.GetAsync("/throttles");
        page.ShouldContain("1 of 3");
        page.ShouldContain("10 a minute, 9 at once now");
        page.ShouldContain("&lt;Mail&gt;");
        page.ShouldContain("7 an hour, 7 at once now");
    }

    [Fact]
    public async Task The_progress_of_a_running_job_is_shown()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"custom\":{\"track\":1}");
        await client.FetchJidAsync();
        await client.CallAsync("""TRACK SET {"jid":"job-00001","percent":40,"desc":"<reading>"}""");

        var page = await ui.GetAsync("/busy");
        page.ShouldContain("value=\"40\"");
        page.ShouldContain("&lt;reading&gt;");
    }
}
