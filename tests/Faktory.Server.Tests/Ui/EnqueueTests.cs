using System.Net;

namespace Faktory.Server.Tests.Ui;

/// <summary>Jobs that people push in the browser, where that is allowed.</summary>
public sealed class EnqueueTests
{
    [Fact]
    public async Task A_job_is_pushed_with_all_that_the_form_can_say()
    {
        await using var ui = await StartAsync();
        await using var client = await ui.ConnectAsync();

        var page = await ui.PostAsync("/enqueue", ("jobtype", "Mail"), ("queue", "mail"), ("args", "[1,\r\n \"zwei\", 12345678901234567890]"), ("retry", "3"), ("priority", "9"), ("custom", """{"track":1}"""));

        page.ShouldContain("1 jobs put into their queues.");
        var job = await client.CallAsync("FETCH mail");
        job.ShouldNotBeNull();
        job.ShouldContain("""
            "jobtype":"Mail","queue":"mail","args":[1,   "zwei", 12345678901234567890],"retry":3,"priority":9,"custom":{"track":1}
            """.Trim());
        job.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Empty_fields_are_the_servers_defaults()
    {
        await using var ui = await StartAsync();
        await using var client = await ui.ConnectAsync();

        await ui.PostAsync("/enqueue", ("jobtype", "Mail"), ("queue", ""), ("args", " "), ("at", ""), ("retry", ""), ("priority", ""), ("custom", ""));

        (await client.CallAsync("FETCH default")).ShouldNotBeNull().ShouldContain("\"args\":[],\"retry\":25,\"queue\":\"default\"");
    }

    [Fact]
    public async Task A_job_for_later_is_shown_among_the_scheduled_ones()
    {
        await using var ui = await StartAsync();

        var page = await ui.PostAsync("/enqueue", ("jobtype", "Mail"), ("at", "2026-02-02T00:00:00Z"));

        page.ShouldContain("1 jobs scheduled.");
        UiServer.KeysOf(page).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("jobtype", "", "ERR jobs must have a jobtype parameter")]
    [InlineData("queue", "a b", "queue names must match")]
    [InlineData("at", "tomorrow", "invalid timestamp for &#x27;at&#x27;")]
    [InlineData("args", "[1", "args: invalid JSON")]
    [InlineData("args", "{\"a\":1}", "ERR invalid JSON")]
    [InlineData("args", "null", "ERR jobs must have an args parameter")]
    [InlineData("args", "[1],\"jid\":\"mine-0001\"", "args: invalid JSON")]
    [InlineData("retry", "often", "retry: invalid JSON")]
    [InlineData("custom", "{\"unique_for\":\"x\"}", "ERR unique_for")]
    public async Task Bad_input_is_told_in_the_servers_words_and_nothing_typed_is_lost(string field, string value, string said)
    {
        await using var ui = await StartAsync();
        var fields = new Dictionary<string, string> { ["jobtype"] = "<Mail>", ["queue"] = "mail", ["args"] = "\n[1, 2]", ["at"] = "2026-02-02T00:00:00Z", ["retry"] = "7", ["priority"] = "8", ["custom"] = "{\"a\": 1}" };
        fields[field] = value;

        using var response = await ui.TryPostAsync("/enqueue", [.. fields.Select(f => (f.Key, f.Value))]);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await response.Content.ReadAsStringAsync();
        page.ShouldContain(said);
        foreach (var typed in fields.Where(f => f.Key is not ("args" or "custom")))
            WebUtility.HtmlDecode(page).ShouldContain($"name=\"{typed.Key}\" value=\"{typed.Value}\"");
        WebUtility.HtmlDecode(page).ShouldContain($">\n{fields["args"]}</textarea>");
        WebUtility.HtmlDecode(page).ShouldContain($">\n{fields["custom"]}</textarea>");
        (await ui.Server.Engine.CallAsync(e => e.Queues.JobCount + e.Scheduled.Count)).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_unique_job_is_refused_as_a_client_would_be()
    {
        await using var ui = await StartAsync();
        var fields = new[] { ("jobtype", "Mail"), ("custom", """{"unique_for":60}""") };
        await ui.PostAsync("/enqueue", fields);

        using var second = await ui.TryPostAsync("/enqueue", fields);

        (await second.Content.ReadAsStringAsync()).ShouldContain("NOTUNIQUE Job not unique");
    }

    [Fact]
    public async Task A_job_that_is_longer_than_a_command_may_be_is_refused_like_one()
    {
        await using var ui = await UiServer.StartAsync(o => o with { AllowsEnqueue = true, Limits = new() { LineBytesMax = 1000 } });

        using var response = await ui.TryPostAsync("/enqueue", ("jobtype", "Mail"), ("args", $"[\"{new string('x', 1000)}\"]"));

        (await response.Content.ReadAsStringAsync()).ShouldContain("line too long: at most 1000 bytes");
    }

    [Fact]
    public async Task Fields_in_the_address_fill_the_form()
    {
        await using var ui = await StartAsync();

        (await ui.GetAsync("/enqueue?queue=mail")).ShouldContain("name=\"queue\" value=\"mail\"");
        await ui.PostAsync("/enqueue", ("jobtype", "Mail"), ("queue", "mail"));
        (await ui.GetAsync("/queues/mail")).ShouldContain("href=\"/enqueue?queue=mail\"");
        (await ui.GetAsync("/queues")).ShouldContain("href=\"/enqueue\"");
    }

    [Fact]
    public async Task Where_it_is_not_allowed_there_is_neither_form_nor_link_and_what_is_sent_is_refused()
    {
        await using var ui = await UiServer.StartAsync();

        (await ui.GetAsync("/queues")).ShouldNotContain("/enqueue");
        using var shown = await ui.SendAsync(HttpMethod.Get, "/enqueue");
        using var sent = await ui.TryPostAsync("/enqueue", ("jobtype", "Mail"));

        shown.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        sent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ui.Server.Engine.CallAsync(e => e.Queues.JobCount)).ShouldBe(0);
    }

    static Task<UiServer> StartAsync() => UiServer.StartAsync(o => o with { AllowsEnqueue = true });
}
