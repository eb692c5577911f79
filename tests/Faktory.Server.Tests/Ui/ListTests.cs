using System.Net;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Ui;

/// <summary>Queues and sets: looked through, searched, and changed.</summary>
public sealed class ListTests
{
    [Fact]
    public async Task A_list_is_shown_page_by_page_there_and_back()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        foreach (var i in Enumerable.Range(1, 120))
            await client.PushAsync($"job-{i:00000}", more: $"\"at\":\"2026-02-02T00:{i / 60:00}:{i % 60:00}Z\"");

        var first = await ui.GetAsync("/scheduled");
        var keys = UiServer.KeysOf(first);
        keys.Length.ShouldBe(50);
        first.ShouldContain("job-00050");
        first.ShouldNotContain("job-00051");
        var second = await ui.GetAsync($"/scheduled?after={Uri.EscapeDataString(keys[^1])}");
        second.ShouldContain("job-00051");
        UiServer.KeysOf(await ui.GetAsync($"/scheduled?before={Uri.EscapeDataString(UiServer.KeysOf(second)[0])}")).ShouldBe(keys);
        var last = await ui.GetAsync($"/scheduled?after={Uri.EscapeDataString(UiServer.KeysOf(second)[^1])}");
        UiServer.KeysOf(last).Length.ShouldBe(20);
        last.ShouldNotContain("rel=\"next\"");
    }

    [Theory]
    [InlineData("type=other", "job-00002")]
    [InlineData("jid=00003", "job-00003")]
    [InlineData("error=timed+OUT", "job-00001")]
    [InlineData("error=NetworkDown", "job-00003")]
    [InlineData("queue=side", "job-00002")]
    public async Task A_search_finds_by_each_of_its_fields(string query, string found)
    {
        await using var ui = await UiServer.StartAsync();
        await ui.FailAsync("job-00001", message: "the call Timed Out");
        await ui.FailAsync("job-00003", errorType: "NetworkDown");
        await using (var client = await ui.ConnectAsync())
        {
            (await client.CallAsync("""PUSH {"jid":"job-00002","jobtype":"OtherThing","args":[],"queue":"side"}""")).ShouldBe("+OK");
            (await client.FetchJidAsync("side")).ShouldBe("job-00002");
            await client.CallAsync("""FAIL {"jid":"job-00002"}""");
        }

        var page = await ui.GetAsync($"/retries?{query}");

        UiServer.KeysOf(page).Length.ShouldBe(1);
        page.ShouldContain($"<code>{found}</code>");
        (await ui.GetAsync($"/retries?{query}&type=nothing")).ShouldContain("Nothing matches.");
    }

    [Theory]
    [InlineData("retry", "default", 1)]
    [InlineData("add_to_queue", "default", 1)]
    [InlineData("kill", "dead", 1)]
    [InlineData("delete", "dead", 0)]
    public async Task Selected_jobs_are_acted_on_and_the_outcome_is_told(string action, string where, int count)
    {
        await using var ui = await UiServer.StartAsync();
        await ui.FailAsync("job-00001");
        await ui.FailAsync("job-00002");
        var key = UiServer.KeysOf(await ui.GetAsync("/retries?jid=00002")).Single();

        var page = await ui.PostAsync("/retries", ("action", action), ("key", key), ("key", "2026-01-02T03:04:05Z~99"));

        page.ShouldContain("1 jobs ");
        page.ShouldContain("1 were not there any more.");
        await using var client = await ui.ConnectAsync();
        (await client.CountAsync("retries")).ShouldBe(1);
        (where == "dead" ? await client.CountAsync("dead") : await client.QueueSizeAsync(where)).ShouldBe(count);
        await ui.Server.RestartAsync();
    }

    [Fact]
    public async Task All_that_match_are_acted_on_however_many_they_are()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        foreach (var half in (string[])["Odd", "Even"])
        {
            var jobs = Enumerable.Range(1, 1500).Select(i => $$"""{"jid":"job-{{half}}-{{i:00000}}","jobtype":"{{half}}","args":[],"at":"2026-02-02T00:00:00Z"}""");
            (await client.CallAsync($"PUSHB [{string.Join(',', jobs)}]")).ShouldBe("{}");
        }

        var page = await ui.PostAsync("/scheduled", ("action", "kill"), ("key", "all"), ("type", "odd"));

        page.ShouldContain("1,500 jobs moved to the dead ones.");
        (await client.CountAsync("scheduled")).ShouldBe(1500);
        (await client.CountAsync("dead")).ShouldBe(1500);
        (await ui.PostAsync("/morgue", ("action", "retry"), ("key", "all"))).ShouldContain("1,500 jobs put into their queues.");
        (await client.QueueSizeAsync("default")).ShouldBe(1500);
        (await ui.PostAsync("/scheduled", ("action", "delete"), ("key", "all"))).ShouldContain("1,500 jobs deleted.");
        (await ui.PostAsync("/queues/default", ("action", "delete"), ("key", "all"), ("jid", "-00007"))).ShouldContain("1 jobs deleted.");
        (await client.QueueSizeAsync("default")).ShouldBe(1499);
    }

    [Fact]
    public async Task A_queue_is_paused_resumed_and_deleted()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await client.PushAsync("job-00001");

        (await ui.PostAsync("/queues/default", ("action", "pause"))).ShouldContain("Queue paused: its 1 jobs wait");
        (await ui.Server.FetchNowAsync(client)).ShouldBeNull();
        await ui.PostAsync("/queues/default", ("action", "resume"));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        await client.PushAsync("job-00002");
        (await ui.PostAsync("/queues/default", ("action", "delete"))).ShouldContain("1 jobs deleted.");
        (await client.QueueSizeAsync("default")).ShouldBeNull();
        using var gone = await ui.TryPostAsync("/queues/default", ("action", "delete"));
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_pause_shows_its_reason_and_ends_after_the_minutes_given()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await client.PushAsync("job-00001");

        (await ui.PostAsync("/queues/default", ("action", "pause"), ("reason", "<b>down</b>"), ("minutes", "5"))).ShouldContain("&lt;b&gt;down&lt;/b&gt;");

        await ui.Server.AdvanceAsync(TimeSpan.FromSeconds(299));
        (await ui.Server.Engine.CallAsync(e => e.Queues.Find("default")!.IsPaused)).ShouldBeTrue();
        await ui.Server.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task A_job_is_shown_with_all_that_is_known_of_it()
    {
        await using var ui = await UiServer.StartAsync();
        await ui.FailAsync("job-00001", more: "\"custom\":{\"wrapped\":\"MailJob\",\"big\":12345678901234567890}", backtrace: "[\"line one\",\"line two\"]");
        var key = UiServer.KeysOf(await ui.GetAsync("/retries")).Single();

        var page = WebUtility.HtmlDecode(await ui.GetAsync($"/retries/{Uri.EscapeDataString(key)}"));

        foreach (var shown in (string[])["MailJob", "Thing", "job-00001", "12345678901234567890", "it broke", "line one\nline two", "Retries left"])
            page.ShouldContain(shown);
        await ui.PostAsync("/retries", ("action", "delete"), ("key", key));
        using var gone = await ui.SendAsync(HttpMethod.Get, $"/retries/{Uri.EscapeDataString(key)}");
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Processes_are_told_to_finish()
    {
        await using var ui = await UiServer.StartAsync();
        await using var worker = await ui.Server.ConnectWorkerAsync("worker-1");
        await worker.PushAsync("job-00001");
        (await worker.FetchJidAsync()).ShouldBe("job-00001");

        var page = await ui.GetAsync("/busy");
        foreach (var shown in (string[])["worker-1", "box:7", "blue", "job-00001"])
            page.ShouldContain(shown);
        (await ui.GetAsync("/busy/jobs?jid=job-00001")).ShouldContain("worker-1");
        (await ui.PostAsync("/busy", ("wid", "worker-1"), ("signal", "quiet"))).ShouldContain("1 processes told to take no more jobs.");
        (await worker.CallAsync("""BEAT {"wid":"worker-1"}""")).ShouldBe("""{"state":"quiet"}""");
        await ui.PostAsync("/busy", ("wid", "all"), ("signal", "terminate"));
        (await worker.CallAsync("""BEAT {"wid":"worker-1"}""")).ShouldBe("""{"state":"terminate"}""");
    }

    [Theory]
    [InlineData("/retries", "action", "burn")]
    [InlineData("/morgue", "action", "kill")]
    [InlineData("/queues/default", "action", "burn")]
    [InlineData("/busy", "signal", "burn")]
    public async Task What_cannot_be_done_is_refused_and_said(string path, string name, string value)
    {
        await using var ui = await UiServer.StartAsync();
        using var response = await ui.TryPostAsync(path, (name, value), ("wid", "all"));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("There is no such action.");
    }
}
