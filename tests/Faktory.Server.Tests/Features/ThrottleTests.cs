using System.Net;
using Faktory.Server.Config;
using Faktory.Server.Engine;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;
using Faktory.Server.Throttling;

namespace Faktory.Server.Tests.Features;

public sealed class ThrottleTests
{
    [Fact]
    public async Task A_queue_at_its_concurrency_looks_empty_until_a_job_is_done_or_fails()
    {
        await using var server = await StartAsync(new ThrottleSettings { Concurrency = 2 });
        await using var client = await server.ConnectAsync();
        await PushAsync(client, 4);

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00002");
        (await server.FetchNowAsync(client)).ShouldBeNull();
        await client.CallAsync("""ACK {"jid":"job-00002"}""");
        (await client.FetchJidAsync()).ShouldBe("job-00003");
        (await server.FetchNowAsync(client)).ShouldBeNull();
        await client.CallAsync("""FAIL {"jid":"job-00001"}""");
        (await client.FetchJidAsync()).ShouldBe("job-00004");
    }

    [Fact]
    public async Task A_fetch_that_waits_gets_the_job_as_soon_as_there_is_room()
    {
        await using var server = await StartAsync(new ThrottleSettings { Concurrency = 1 });
        await using var client = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        await PushAsync(client, 2);
        await client.FetchJidAsync();

        await other.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync();
        await client.CallAsync("""ACK {"jid":"job-00001"}""");
        (await other.ReadAsync())!.ShouldContain("job-00002");
    }

    [Fact]
    public async Task A_worker_has_at_most_its_share_and_another_one_its_own()
    {
        await using var server = await StartAsync(new ThrottleSettings { Worker = 1 });
        await using var one = await server.ConnectWorkerAsync("wid-1");
        await using var two = await server.ConnectWorkerAsync("wid-2");
        await PushAsync(one, 3);

        (await one.FetchJidAsync()).ShouldBe("job-00001");
        (await server.FetchNowAsync(one)).ShouldBeNull();
        (await two.FetchJidAsync()).ShouldBe("job-00002");
        (await server.FetchNowAsync(two)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_counts_no_more_after_the_timeout()
    {
        await using var server = await StartAsync(new ThrottleSettings { Concurrency = 1, Timeout = 30 });
        await using var client = await server.ConnectAsync();
        await PushAsync(client, 2);
        await client.FetchJidAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(29));
        (await server.FetchNowAsync(client)).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        (await client.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task The_jobs_of_a_worker_whose_heartbeat_stops_count_no_more()
    {
        await using var server = await StartAsync(new ThrottleSettings { Concurrency = 1 });
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await PushAsync(worker, 2);
        await worker.FetchJidAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(61));
        await using var other = await server.ConnectAsync();
        (await other.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task Jobs_at_work_count_also_after_a_restart()
    {
        await using var server = await StartAsync(new ThrottleSettings { Concurrency = 1 });
        await using (var client = await server.ConnectAsync())
        {
            await PushAsync(client, 2);
            await client.FetchJidAsync();
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        (await server.FetchNowAsync(again)).ShouldBeNull();
        await again.CallAsync("""ACK {"jid":"job-00001"}""");
        (await again.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task A_rate_gives_a_burst_and_then_one_at_a_time()
    {
        await using var server = await StartAsync(new ThrottleSettings { Rate = 6, Per = "minute", Burst = 2 });
        await using var client = await server.ConnectAsync();
        await PushAsync(client, 4);

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00002");
        (await server.FetchNowAsync(client)).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(11));
        (await client.FetchJidAsync()).ShouldBe("job-00003");
        (await server.FetchNowAsync(client)).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_beyond_the_rate_of_its_type_is_put_off_and_holds_up_no_other()
    {
        await using var server = await TestServer.StartAsync(o => o with
        {
            Rules = EngineRules.Default with { Throttles = ThrottleSettings.Read(null, new Dictionary<string, ThrottleSettings> { ["Slow"] = new() { Rate = 1, Per = "minute" } }) },
        });
        await using var client = await server.ConnectAsync();
        foreach (var (jid, type) in ((string, string)[])[("job-00001", "Slow"), ("job-00002", "Slow"), ("job-00003", "Slow"), ("job-00004", "Quick")])
            (await client.CallAsync($$"""PUSH {"jid":"{{jid}}","jobtype":"{{type}}","args":[]}""")).ShouldBe("+OK");

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00004");
        (await client.CountAsync("scheduled")).ShouldBe(2);
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        await server.UntilAsync(e => e.Queues.JobCount == 1);
        (await client.FetchJidAsync()).ShouldBe("job-00002");
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));
        await server.UntilAsync(e => e.Queues.JobCount == 1);
        (await client.FetchJidAsync()).ShouldBe("job-00003");
    }

    [Fact]
    public async Task A_job_that_is_put_off_has_not_started()
    {
        await using var server = await TestServer.StartAsync(o => o with
        {
            Rules = EngineRules.Default with { Throttles = ThrottleSettings.Read(null, new Dictionary<string, ThrottleSettings> { ["Slow"] = new() { Rate = 1, Per = "minute" } }) },
        });
        await using var client = await server.ConnectAsync();
        string Push(int jid) => $$$"""PUSH {"jid":"job-{{{jid:00000}}}","jobtype":"Slow","args":[{{{jid % 2}}}],"custom":{"unique_for":600,"unique_until":"start","track":1}}""";
        (await client.CallAsync(Push(1))).ShouldBe("+OK");
        (await client.CallAsync(Push(2))).ShouldBe("+OK");
        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await server.FetchNowAsync(client)).ShouldBeNull();

        (await client.CountAsync("scheduled")).ShouldBe(1);
        (await client.CallAsync(Push(4))).ShouldBe("-NOTUNIQUE Job not unique");
        (await client.CallAsync("TRACK GET job-00002"))!.ShouldContain("\"state\":\"enqueued\"");
    }

    [Fact]
    public async Task They_change_live_through_the_admin_port_and_end_when_they_are_off()
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        await PushAsync(client, 3);
        await client.FetchJidAsync();

        const string one = "\"throttles\":{\"default\":{\"concurrency\":1}}";
        (await PutAsync(admin, 4, one)).ShouldBe(HttpStatusCode.OK);
        (await admin.Server.FetchNowAsync(client)).ShouldBeNull();
        (await PutAsync(admin, 5, "\"throttles\":{\"default\":{\"concurrency\":2}}")).ShouldBe(HttpStatusCode.OK);
        (await client.FetchJidAsync()).ShouldBe("job-00002");
        (await PutAsync(admin, 6, $"{one},\"features\":{{\"throttles\":\"Pro\"}}")).ShouldBe(HttpStatusCode.OK);
        (await client.FetchJidAsync()).ShouldBe("job-00003");
    }

    [Theory]
    [InlineData("{\"default\":{}}", "needs concurrency, worker or rate")]
    [InlineData("{\"default\":{\"concurrency\":0}}", "concurrency in the throttle of default must be at least 1, and is 0")]
    [InlineData("{\"default\":{\"rate\":1,\"per\":\"day\"}}", "must be second, minute or hour")]
    [InlineData("{\"a b\":{\"rate\":1}}", "no name of a queue")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string throttles, string reason)
    {
        await using var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", $$$"""{"generation":4,"passwords":[{"value":"{{{AdminServer.Password}}}"}],"throttles":{{{throttles}}}}""");

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("detail").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public void They_are_read_from_toml()
    {
        var folder = Directory.CreateTempSubdirectory();
        Directory.CreateDirectory(Path.Combine(folder.FullName, "conf.d"));
        File.WriteAllText(Path.Combine(folder.FullName, "conf.d", "throttles.toml"), """
            [throttles]
            mail = { concurrency = 5, timeout = 60 }
            bulk = { worker = 2, rate = 10, per = "second", burst = 30, brust = 1 }
            [jobtype_throttles]
            SendMail = { rate = 100, per = "hour" }
            """);
        var toml = TomlSettings.Load(folder.FullName);
        var rules = ThrottleSettings.Read(toml.Throttles, toml.JobtypeThrottles);
        folder.Delete(recursive: true);

        rules.Queues["mail"].ShouldBe(new QueueRule(5, null, TimeSpan.FromSeconds(60), null));
        rules.Queues["bulk"].ShouldBe(new QueueRule(null, 2, TimeSpan.FromSeconds(1800), new RateRule(10, TimeSpan.FromSeconds(1), 30)));
        rules.JobTypes["SendMail"].ShouldBe(new RateRule(100, TimeSpan.FromHours(1), 100));
        toml.Warnings.ShouldHaveSingleItem().ShouldContain("did you mean burst?");
    }

    static Task<TestServer> StartAsync(ThrottleSettings settings) => TestServer.StartAsync(o => o with
    {
        Rules = EngineRules.Default with { Throttles = ThrottleSettings.Read(new Dictionary<string, ThrottleSettings> { ["default"] = settings }, null) },
    });

    static async Task PushAsync(WireClient client, int jobs)
    {
        for (var i = 1; i <= jobs; i++)
            await client.PushAsync($"job-{i:00000}");
    }

    static async Task<HttpStatusCode> PutAsync(AdminServer admin, int generation, string more) =>
        (await admin.PutAsync("/admin/config", $$$"""{"generation":{{{generation}}},"passwords":[{"value":"{{{AdminServer.Password}}}"}],{{{more}}}}""")).Status;
}
