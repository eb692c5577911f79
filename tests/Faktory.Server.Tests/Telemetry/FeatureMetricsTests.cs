using System.Text.Json;
using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Telemetry;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Telemetry;

/// <summary>What the metrics tell of each feature.</summary>
public sealed class FeatureMetricsTests
{
    [Fact]
    public async Task Refused_tracked_cancelled_and_given_back_jobs_are_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("w1");
        const string Unique = "\"custom\":{\"unique_for\":60,\"track\":1}";
        await worker.PushAsync("job-00001", more: Unique);
        (await worker.CallAsync($"PUSH {Job.Json("job-00002", more: Unique)}")).ShouldBe("-NOTUNIQUE Job not unique");
        await worker.FetchJidAsync();
        (await worker.CallAsync("""REQUEUE {"jid":"job-00001"}""")).ShouldBe("+OK");
        await worker.FetchJidAsync();
        foreach (var (jid, at) in ((string, string)[])[("job-00003", ""), ("job-00004", "\"at\":\"2026-02-02T00:00:00Z\"")])
            await worker.PushAsync(jid, more: at);
        foreach (var jid in (string[])["job-00001", "job-00003", "job-00004"])
            (await worker.CallAsync($$"""CANCEL {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        (await worker.CallAsync("""CANCEL {"jid":"job-00009"}""")).ShouldBe("-ERR Job not found job-00009");

        var lines = await LinesAsync(server);

        lines.ShouldContain("faktory_jobs_not_unique_total 1");
        lines.ShouldContain("faktory_jobs_tracked_total 1");
        lines.ShouldContain("faktory_jobs_given_back_total 1");
        lines.ShouldContain("faktory_jobs_cancelled_total 3");
    }

    [Fact]
    public async Task Batches_are_counted_by_how_far_they_are_and_again_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await BatchAsync(client, "open", isCommitted: false, report: "");
            await BatchAsync(client, "running", isCommitted: true, report: "");
            await BatchAsync(client, "complete", isCommitted: true, report: "FAIL");
            await BatchAsync(client, "successful", isCommitted: true, report: "ACK");
            await BatchAsync(client, "reopened", isCommitted: true, report: "");
            await client.CallAsync($"BATCH OPEN {await BidAsync(server, "reopened")}");
        }
        foreach (var isRestarted in (bool[])[false, true])
        {
            if (isRestarted)
                await server.RestartAsync();
            var lines = await LinesAsync(server);
            lines.ShouldContain("faktory_batches{state=\"open\"} 2");
            lines.ShouldContain("faktory_batches{state=\"running\"} 1");
            lines.ShouldContain("faktory_batches{state=\"complete\"} 1");
            lines.ShouldContain("faktory_batches{state=\"successful\"} 1");
        }

        await server.AdvanceAsync(TimeSpan.FromMinutes(31));
        (await LinesAsync(server)).ShouldContain("faktory_batches{state=\"open\"} 0", "one was forgotten, the other committed");
        await using var other = await server.ConnectAsync();
        await other.CallAsync("FLUSH");
        (await LinesAsync(server)).Where(l => l.StartsWith("faktory_batches{", StringComparison.Ordinal)).ShouldAllBe(l => l.EndsWith(" 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Throttles_tell_how_much_is_used_and_how_often_there_was_no_room()
    {
        await using var server = await TestServer.StartAsync(o => o with
        {
            Rules = EngineRules.Default with
            {
                Throttles = ThrottleSettings.Read(
                    new Dictionary<string, ThrottleSettings> { ["default"] = new() { Concurrency = 1 } },
                    new Dictionary<string, ThrottleSettings> { ["Slow"] = new() { Rate = 1, Per = "hour" } }),
            },
        });
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002");
        await client.FetchJidAsync();
        (await server.FetchNowAsync(client)).ShouldBeNull();
        foreach (var jid in (string[])["slow-0001", "slow-0002"])
            (await client.CallAsync($$"""PUSH {"jid":"{{jid}}","jobtype":"Slow","args":[],"queue":"side"}""")).ShouldBe("+OK");
        await client.FetchJidAsync("side");
        (await server.FetchNowAsync(client, "side")).ShouldBeNull();

        var lines = await LinesAsync(server);

        lines.ShouldContain("faktory_throttle_used{queue=\"default\"} 1");
        lines.ShouldContain("faktory_throttle_max{queue=\"default\"} 1");
        lines.ShouldContain("faktory_throttle_waits_total{queue=\"default\"} 1");
        lines.ShouldContain("faktory_jobs_put_off_total 1");
    }

    [Fact]
    public async Task Cron_runs_are_counted_and_so_are_those_that_were_missed_or_could_not_be_pushed()
    {
        var entries = CronSettings.Read([
            new CronSettings { Name = "often", Schedule = "* * * * *", Job = new CronJobSettings { Type = "Often" } },
            new CronSettings { Name = "once", Schedule = "0 * * * *", Job = new CronJobSettings { Type = "Once", Custom = JsonElement.Parse("""{"unique_for":86400}""") } },
        ]);
        await using var server = await TestServer.StartAsync(o => o with { Rules = EngineRules.Default with { Cron = entries } });
        await server.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await LinesAsync(server)).ShouldContain("faktory_cron_runs_total 1");

        await server.AdvanceAsync(TimeSpan.FromHours(1));
        await server.Engine.CallAsync(e =>
        {
            e.Cron.RunNow(e.Cron.Find("once")!);
            e.Cron.RunNow(e.Cron.Find("once")!);
            return true;
        });

        var lines = await LinesAsync(server);
        lines.ShouldContain("faktory_cron_entries 2");
        lines.ShouldContain("faktory_cron_missed_total 2");
        lines.ShouldContain("faktory_cron_failed_total 1");
    }

    static async Task BatchAsync(WireClient client, string name, bool isCommitted, string report)
    {
        var bid = await client.CallAsync($$"""BATCH NEW {"description":"{{name}}","success":{"jid":"done-{{name}}","jobtype":"Done","args":[],"queue":"callbacks"} }""");
        await client.PushAsync($"job-{name}", name, $"\"custom\":{{\"bid\":\"{bid}\"}}");
        if (isCommitted)
            (await client.CallAsync($"BATCH COMMIT {bid}")).ShouldBe("+OK");
        if (report.Length == 0)
            return;
        (await client.FetchJidAsync(name)).ShouldBe($"job-{name}");
        (await client.CallAsync($$"""{{report}} {"jid":"job-{{name}}"}""")).ShouldBe("+OK");
        if (report == "ACK")
            (await client.CallAsync($$"""ACK {"jid":"{{await client.FetchJidAsync("callbacks")}}"}""")).ShouldBe("+OK");
    }

    static Task<string> BidAsync(TestServer server, string description) =>
        server.Engine.CallAsync(e => e.Batches.Read(null, 100).Single(b => b.Description == description).Bid);

    static async Task<string[]> LinesAsync(TestServer server) => PrometheusText.Write(await MetricsSnapshot.TakeAsync(server.State)).Split('\n');
}
