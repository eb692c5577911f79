using System.Net;
using System.Text.Json;
using Faktory.Server.Features;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Ui;

/// <summary>Jobs that people take back in the browser.</summary>
public sealed class CancelTests
{
    [Fact]
    public async Task A_running_job_is_cancelled_after_the_page_has_said_what_that_means_and_its_worker_hears_of_it()
    {
        await using var ui = await UiServer.StartAsync();
        await using var worker = await ui.Server.ConnectWorkerAsync("w1");
        await worker.PushAsync("job-00001");
        await worker.FetchJidAsync();
        foreach (var path in (string[])["/busy", "/busy/jobs?jid=job-00001"])
            (await ui.GetAsync(path)).ShouldContain("Cancel the job job-00001? It is over for the server at once");

        (await ui.PostAsync("/cancel", ("jid", "job-00001"), ("back", "/busy"))).ShouldContain("1 jobs cancelled.");

        (await worker.CallAsync("""BEAT {"wid":"w1","cancels":true}""")).ShouldBe("""{"state":"","cancelled":["job-00001"]}""");
        (await ui.GetAsync("/busy")).ShouldContain("No job is running.");
    }

    [Theory]
    [InlineData("/queues/default")]
    [InlineData("/scheduled")]
    [InlineData("/retries")]
    public async Task A_job_that_waits_is_cancelled_from_its_page(string list)
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        if (list == "/retries")
            await ui.FailAsync("job-00001");
        else
            await client.PushAsync("job-00001", more: list == "/scheduled" ? "\"at\":\"2026-02-02T00:00:00Z\"" : "");
        var key = UiServer.KeysOf(await ui.GetAsync(list)).ShouldHaveSingleItem();
        var page = await ui.GetAsync($"{list}/{Uri.EscapeDataString(key)}");
        page.ShouldContain("Cancel the job job-00001? It is deleted");
        page.ShouldNotContain("value=\"delete\"");

        (await ui.PostAsync("/cancel", ("jid", "job-00001"), ("back", list))).ShouldContain("1 jobs cancelled.");

        (await ui.Server.Engine.CallAsync(e => e.Queues.JobCount + e.Scheduled.Count + e.Retries.Count)).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_that_has_moved_on_since_the_page_was_read_is_found_all_the_same()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"at\":\"2026-01-02T03:05:05Z\"");
        await ui.Server.AdvanceAsync(TimeSpan.FromMinutes(2));

        (await ui.PostAsync("/cancel", ("jid", "job-00001"), ("back", "/scheduled"))).ShouldContain("1 jobs cancelled.");
    }

    [Fact]
    public async Task A_job_that_is_gone_is_told_as_such()
    {
        await using var ui = await UiServer.StartAsync();

        (await ui.PostAsync("/cancel", ("jid", "job-00001"), ("back", "/busy"))).ShouldContain("1 were not there any more.");
    }

    [Fact]
    public async Task A_dead_job_and_a_plan_without_cancelling_have_no_such_button()
    {
        await using var ui = await UiServer.StartAsync();
        await using var client = await ui.ConnectAsync();
        await ui.FailAsync("job-00001", more: "\"retry\":-1");
        var key = UiServer.KeysOf(await ui.GetAsync("/morgue")).ShouldHaveSingleItem();
        (await ui.GetAsync($"/morgue/{Uri.EscapeDataString(key)}")).ShouldNotContain("/cancel");
        await client.PushAsync("job-00002");
        await client.FetchJidAsync();
        await ui.Server.Engine.CallAsync(e => e.Features = FeatureSet.Read(new Dictionary<string, JsonElement> { ["cancel"] = JsonElement.Parse("\"Pro\"") }));

        (await ui.GetAsync("/busy")).ShouldNotContain("/cancel");
        using var sent = await ui.TryPostAsync("/cancel", ("jid", "job-00002"), ("back", "/busy"));

        sent.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await sent.Content.ReadAsStringAsync()).ShouldContain("they come with the plan Pro");
    }
}
