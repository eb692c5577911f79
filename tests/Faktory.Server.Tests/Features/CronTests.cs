using System.Net;
using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Tests.Ui;

namespace Faktory.Server.Tests.Features;

/// <summary>The server's clock starts at 03:04:05 UTC on a Friday.</summary>
public sealed class CronTests
{
    [Fact]
    public async Task A_job_is_enqueued_at_each_of_its_times()
    {
        await using var server = await StartAsync(Entry("*/5 * * * *"));
        await using var client = await server.ConnectAsync();
        (await JobsAsync(client)).ShouldBe(0);

        await server.AdvanceAsync(TimeSpan.FromSeconds(54));
        (await JobsAsync(client)).ShouldBe(0);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await JobsAsync(client)).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromMinutes(5));
        (await JobsAsync(client)).ShouldBe(2);
        var job = System.Text.Json.JsonDocument.Parse((await client.CallAsync("FETCH nightly"))!).RootElement;
        job.GetProperty("jobtype").GetString().ShouldBe("Report");
        job.GetProperty("args").GetRawText().ShouldBe("[1,\"two\"]");
        job.GetProperty("retry").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_job_asks_for_features_as_a_pushed_one_does()
    {
        var entry = Entry("*/5 * * * *");
        entry.Job = new() { Type = "Report", Queue = "nightly", ReserveFor = 120, Priority = 9, Custom = System.Text.Json.JsonElement.Parse("""{"unique_for":600,"expires_in":60,"track":1}""") };
        await using var server = await StartAsync(entry);
        await using var client = await server.ConnectAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(56));

        var job = System.Text.Json.JsonElement.Parse((await client.CallAsync("FETCH nightly"))!);
        job.GetProperty("reserve_for").GetInt32().ShouldBe(120);
        job.GetProperty("priority").GetInt32().ShouldBe(9);
        job.GetProperty("custom").GetRawText().ShouldBe("""{"unique_for":600,"expires_in":60,"track":1}""");
        (await client.CallAsync($"TRACK GET {job.GetProperty("jid")}")).ShouldNotBeNull().ShouldContain("\"state\":\"working\"");
        (await client.CallAsync("""PUSH {"jid":"job-00001","jobtype":"Report","queue":"nightly","args":[],"custom":{"unique_for":600}}""")).ShouldBe("-NOTUNIQUE Job not unique");
    }

    [Fact]
    public async Task A_time_has_its_job_once_also_across_restarts_and_a_clock_set_back()
    {
        await using var server = await StartAsync(Entry("*/5 * * * *"));
        await server.AdvanceAsync(TimeSpan.FromSeconds(56));
        for (var i = 0; i < 3; i++)
            await server.RestartAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(4));

        await using var client = await server.ConnectAsync();
        (await JobsAsync(client)).ShouldBe(1);
    }

    [Theory]
    [InlineData("skip", 0)]
    [InlineData("once", 1)]
    public async Task What_was_missed_while_it_was_down_is_skipped_or_made_up_for_once(string missed, int jobs)
    {
        var entry = Entry("*/5 * * * *");
        entry.Missed = missed;
        await using var server = await StartAsync(entry);
        await server.RestartAsync(() => server.Clock.Advance(TimeSpan.FromMinutes(22)));
        await server.SettleAsync();
        await using var client = await server.ConnectAsync();

        (await JobsAsync(client)).ShouldBe(jobs);
        await server.AdvanceAsync(TimeSpan.FromMinutes(4));
        (await JobsAsync(client)).ShouldBe(jobs + 1);
    }

    [Fact]
    public async Task A_run_that_is_late_by_less_than_a_minute_is_not_missed()
    {
        await using var server = await StartAsync(Entry("*/5 * * * *"));
        await server.RestartAsync(() => server.Clock.Advance(TimeSpan.FromSeconds(100)));
        await server.SettleAsync();
        await using var client = await server.ConnectAsync();

        (await JobsAsync(client)).ShouldBe(1);
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 does not exist on the 29th: at 03:00
    [InlineData("2026-03-29T12:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")] // 02:30 comes twice on the 25th: the first counts
    [InlineData("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    public void Times_of_a_zone_follow_its_summer_time(string after, string expected)
    {
        var entry = Entry("30 2 * * *");
        entry.TimeZone = "Europe/Berlin";
        var next = CronSettings.Read([entry])[0].After(DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture).Ticks - DateTime.UnixEpoch.Ticks);

        new DateTimeOffset(next!.Value + DateTime.UnixEpoch.Ticks, TimeSpan.Zero).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Fact]
    public async Task One_that_is_unique_is_not_enqueued_twice_and_says_why()
    {
        var entry = Entry("* * * * *");
        entry.Job!.Custom = new Dictionary<string, object?> { ["unique_for"] = 3600L };
        await using var server = await StartAsync(entry);
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        await using var client = await server.ConnectAsync();

        (await JobsAsync(client)).ShouldBe(1);
        (await server.Engine.CallAsync(e => e.Cron.All.Single().Problem)).ShouldBe("Job not unique");
        await server.Engine.CallAsync(e =>
        {
            e.Cron.Follow([.. e.Cron.All.Select(run => run.Entry)]);
            return true;
        });
        (await server.Engine.CallAsync(e => e.Cron.All.Single().Problem)).ShouldBe("Job not unique");
    }

    [Fact]
    public async Task Entries_change_live_through_the_admin_port_and_rest_when_they_are_off()
    {
        await using var admin = await AdminServer.StartAsync();
        const string cron = "\"cron\":[{\"name\":\"n\",\"schedule\":\"* * * * *\",\"job\":{\"type\":\"Report\",\"queue\":\"nightly\",\"args\":[{\"a\":[1,2.5,null]}],\"custom\":{\"expires_in\":60000}}}]";
        (await PutAsync(admin, 4, cron)).ShouldBe(HttpStatusCode.OK);
        await admin.Server.AdvanceAsync(TimeSpan.FromSeconds(60));
        await using var client = await admin.ConnectAsync();
        (await JobsAsync(client)).ShouldBe(1);

        (await PutAsync(admin, 5, cron + ",\"features\":{\"cron\":\"Pro\"}")).ShouldBe(HttpStatusCode.OK);
        await admin.Server.AdvanceAsync(TimeSpan.FromSeconds(60));
        (await JobsAsync(client)).ShouldBe(1);
        (await client.CallAsync("FETCH nightly"))!.ShouldContain("\"args\":[{\"a\":[1,2.5,null]}]");
    }

    [Theory]
    [InlineData("{\"schedule\":\"* * * * *\"}", "needs a job with a type")]
    [InlineData("{\"job\":{\"type\":\"T\"}}", "needs a schedule")]
    [InlineData("{\"schedule\":\"61 * * * *\",\"job\":{\"type\":\"T\"}}", "cannot be read")]
    [InlineData("{\"schedule\":\"* * * * *\",\"time_zone\":\"Mars/Base\",\"job\":{\"type\":\"T\"}}", "time zone Mars/Base")]
    [InlineData("{\"schedule\":\"* * * * *\",\"missed\":\"all\",\"job\":{\"type\":\"T\"}}", "must be skip or once")]
    [InlineData("{\"schedule\":\"* * * * *\",\"job\":{\"type\":\"T\",\"queue\":\"a b\"}}", "queue names must match")]
    [InlineData("{\"schedule\":\"* * * * *\",\"job\":{\"type\":\"T\"}},{\"schedule\":\"* * * * *\",\"job\":{\"type\":\"T\"}}", "two cron entries are the same")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string entries, string reason)
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", $$"""{"generation":4,"passwords":[{"value":"{{AdminServer.Password}}"}],"cron":[{{entries}}]}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public void They_are_read_from_toml_as_the_original_has_them()
    {
        var folder = Directory.CreateTempSubdirectory();
        Directory.CreateDirectory(Path.Combine(folder.FullName, "conf.d"));
        File.WriteAllText(Path.Combine(folder.FullName, "conf.d", "cron.toml"), """
            [[cron]]
              schedule = "*/5 * * * *"
              [cron.job]
                type = "FiveJob"
                queue = "critical"
                retry = 3
                args = [1, "two", 2.5, [true], { a = "b" }]
                [cron.job.custom]
                  unique_for = 60
            [[cron]]
              schedule = "12 * * * *"
              tme_zone = "UTC"
              [cron.job]
                type = "HourlyReport"
            """);
        var toml = TomlSettings.Load(folder.FullName);
        var entries = CronSettings.Read(toml.Cron);
        folder.Delete(recursive: true);

        System.Text.Encoding.UTF8.GetString(entries[0].Job).ShouldBe(
            """{"jobtype":"FiveJob","args":[1,"two",2.5,[true],{"a":"b"}],"queue":"critical","retry":3,"custom":{"unique_for":60}}""");
        System.Text.Encoding.UTF8.GetString(entries[1].Job).ShouldBe("""{"jobtype":"HourlyReport","args":[]}""");
        toml.Warnings.ShouldHaveSingleItem().ShouldContain("did you mean time_zone?");
    }

    [Fact]
    public async Task The_page_runs_one_now_pauses_it_and_goes_on()
    {
        await using var ui = await UiServer.StartAsync(o => o with { Rules = EngineRules.Default with { Cron = CronSettings.Read([Entry("* * * * *")]) } });
        await using var client = await ui.ConnectAsync();
        var page = await ui.GetAsync("/cron");
        page.ShouldContain("Report");
        page.ShouldContain("* * * * *");

        await ui.PostAsync("/cron", ("id", "report"), ("action", "run"));
        (await JobsAsync(client)).ShouldBe(1);
        await ui.PostAsync("/cron", ("id", "report"), ("action", "pause"));
        await ui.Server.AdvanceAsync(TimeSpan.FromMinutes(5));
        (await JobsAsync(client)).ShouldBe(1);
        (await ui.GetAsync("/cron")).ShouldContain("value=\"resume\"");
        await ui.PostAsync("/cron", ("id", "report"), ("action", "resume"));
        (await JobsAsync(client)).ShouldBe(1);
        await ui.Server.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await JobsAsync(client)).ShouldBe(2);
    }

    static CronSettings Entry(string schedule) => new()
    {
        Name = "report",
        Schedule = schedule,
        Job = new CronJobSettings { Type = "Report", Queue = "nightly", Retry = 3, Args = new object[] { 1L, "two" } },
    };

    static Task<TestServer> StartAsync(CronSettings entry) =>
        TestServer.StartAsync(o => o with { Rules = EngineRules.Default with { Cron = CronSettings.Read([entry]) } });

    static async Task<long> JobsAsync(WireClient client) =>
        System.Text.Json.JsonDocument.Parse((await client.CallAsync("INFO"))!).RootElement.GetProperty("faktory").GetProperty("queues") is var queues
            && queues.TryGetProperty("nightly", out var size) ? size.GetInt64() : 0;

    static async Task<HttpStatusCode> PutAsync(AdminServer admin, int generation, string more) =>
        (await admin.PutAsync("/admin/config", $$"""{"generation":{{generation}},"passwords":[{"value":"{{AdminServer.Password}}"}],{{more}}}""")).Status;
}
