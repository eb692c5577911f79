using System.Text.Json;
using Faktory.Server.Tests.Admin;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Cli;

/// <summary>The verbs for who operates a server's features: batches, cron, throttles, locks, cancel, pause and resume.</summary>
public sealed class FeatureVerbTests
{
    const string Cron = """[{"name":"nightly report","schedule":"30 2 * * *","time_zone":"Europe/Berlin","job":{"type":"Report","queue":"bulk"}}]""";

    [Fact]
    public async Task Batches_are_a_table_and_show_no_escape_sequence_of_a_description()
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        var bid = await client.CallAsync("""BATCH NEW {"description":"red \u001b[31m","success":{"jid":"success-01","jobtype":"T","args":[]}}""");
        foreach (var jid in (string[])["job-00001", "job-00002"])
            await client.PushAsync(jid, more: $"\"custom\":{{\"bid\":\"{bid}\"}}");

        var run = await RunAsync(admin, "batches");

        run.Code.ShouldBe(0, run.Errors);
        Rows(run.Output).ShouldBe(["batch state jobs pending failed created description", $"{bid} open 2 2 0 2026-01-02T03:04:05+00:00 red [31m"]);
        JsonElement.Parse((await RunAsync(admin, "batches", "--json")).Output).GetProperty("batches")[0].GetProperty("total").GetInt32().ShouldBe(2);
        Rows((await RunAsync(admin, "batches", "--after", bid!)).Output).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Cron_is_listed_run_paused_and_resumed()
    {
        await using var admin = await StartAsync($"\"cron\":{Cron}");
        await using var client = await admin.ConnectAsync("p");
        Rows((await RunAsync(admin, "cron")).Output)[1].ShouldBe("nightly report 30 2 * * * Europe/Berlin Report bulk 2026-01-03T01:30:00+00:00");

        (await RunAsync(admin, "cron", "run", "nightly report")).Code.ShouldBe(0);
        (await client.CallAsync("FETCH bulk")).ShouldNotBeNull().ShouldContain("\"Report\"");
        (await RunAsync(admin, "cron", "pause", "nightly report")).Code.ShouldBe(0);
        Rows((await RunAsync(admin, "cron", "list")).Output)[1].ShouldEndWith("2026-01-02T03:04:05+00:00 paused");
        (await RunAsync(admin, "cron", "resume", "nightly report")).Code.ShouldBe(0);
        (await admin.Server.Engine.CallAsync(e => e.Cron.Find("nightly report")!.IsPaused)).ShouldBeFalse();
        var unknown = await RunAsync(admin, "cron", "run", "another");
        (unknown.Code, unknown.Errors).ShouldBe((1, $"faktory-server run: {admin.Server.Host.AdminEndpoint} refused: There is no such cron job.\n"));
    }

    [Fact]
    public async Task Cron_that_is_not_part_of_the_plan_is_not_run()
    {
        await using var admin = await StartAsync($"\"cron\":{Cron},\"features\":{{\"cron\":\"Pro\"}}");

        var run = await RunAsync(admin, "cron", "run", "nightly report");

        run.Code.ShouldBe(1);
        run.Errors.ShouldContain("they come with the plan Pro");
    }

    [Fact]
    public async Task Throttles_show_what_is_used_of_them()
    {
        await using var admin = await StartAsync("\"throttles\":{\"default\":{\"concurrency\":3,\"rate\":10,\"per\":\"minute\"}},\"jobtype_throttles\":{\"Mail\":{\"rate\":7,\"per\":\"hour\"}}");
        await using var client = await admin.ConnectAsync("p");
        await client.PushAsync("job-00001");
        await client.FetchJidAsync();

        Rows((await RunAsync(admin, "throttles")).Output).ShouldBe(["queue jobtype used concurrency worker rate per available waits", "default 1 3 10 minute 9 0", "Mail 0 7 hour 7 0"]);
    }

    [Fact]
    public async Task Locks_are_counted_by_whether_they_still_hold()
    {
        await using var admin = await AdminServer.StartAsync();
        await using var client = await admin.ConnectAsync();
        foreach (var i in Enumerable.Range(1, 5))
        {
            var push = $$"""PUSH {"jid":"job-0000{{i}}","jobtype":"T","args":[{{i}}],"queue":"{{(i == 5 ? "gone" : "default")}}","custom":{"unique_for":{{(i == 1 ? 10 : 1000)}} } }""";
            (await client.CallAsync(push)).ShouldBe("+OK");
        }
        await client.CallAsync("QUEUE REMOVE gone");
        await admin.Server.AdvanceAsync(TimeSpan.FromSeconds(20));

        (await RunAsync(admin, "locks")).Output.ShouldBe("3 held, 2 over and not swept yet\n");
    }

    [Fact]
    public async Task A_verb_that_needs_the_admin_port_says_so()
    {
        var run = await CommandRun.OfAsync("batches");
        (run.Code, run.Errors).ShouldBe((78, "faktory-server batches: say where the server's admin port is: --admin HOST:PORT, or FAKTORY_ADMIN_BINDING\n"));

        await using var admin = await AdminServer.StartAsync();
        (await CommandRun.OfAsync("locks", "--admin", admin.Server.Host.AdminEndpoint!.ToString())).Errors.ShouldContain("give the token by --token");
    }

    [Fact]
    public async Task Jobs_are_cancelled_by_their_ids()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002", more: "\"at\":\"2027-01-01T00:00:00Z\"");

        (await CommandRun.AtAsync(server.Port, "", "cancel", "job-00001", "job-00002")).Code.ShouldBe(0);

        var again = await CommandRun.AtAsync(server.Port, "", "cancel", "job-00001");
        (again.Code, again.Errors).ShouldBe((1, "faktory-server cancel: job-00001: ERR Job not found job-00001\n"));
        (await server.Engine.CallAsync(e => e.Queues.JobCount + e.Scheduled.Count)).ShouldBe(0);
    }

    [Fact]
    public async Task Queues_are_paused_with_a_reason_and_an_end_and_resumed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "mail");

        (await CommandRun.AtAsync(server.Port, "", "pause", "mail", "--reason", "the provider is down", "--until", "2026-01-03T00:00:00Z")).Code.ShouldBe(0);

        var pause = await server.Engine.CallAsync(e => e.Queues.Find("mail")!.Pause);
        pause.ShouldNotBeNull().Reason.ShouldBe("the provider is down");
        pause.Until.ShouldNotBeNull();
        (await CommandRun.AtAsync(server.Port, "", "resume", "*")).Code.ShouldBe(0);
        (await server.Engine.CallAsync(e => e.Queues.Find("mail")!.IsPaused)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, "until is over already", "--until", "2020-01-01T00:00:00Z")]
    [InlineData(2, "is no time", "--until", "tomorrow")]
    [InlineData(1, "is no name of a queue", "a b")]
    public async Task What_makes_no_sense_is_said(int code, string said, params string[] arguments)
    {
        await using var server = await TestServer.StartAsync();

        var run = await CommandRun.AtAsync(server.Port, "", ["pause", "mail", .. arguments]);

        (run.Code, run.Errors + run.Output).ShouldSatisfyAllConditions(r => r.Code.ShouldBe(code), r => r.Item2.ShouldContain(said));
    }

    static async Task<AdminServer> StartAsync(string settings)
    {
        var admin = await AdminServer.StartAsync();
        var (status, body) = await admin.PutAsync("/admin/config", $$"""{"generation":4,"passwords":[{"value":"p"}],{{settings}}}""");
        ((int)status).ShouldBe(200, body.ToString());
        return admin;
    }

    static Task<CommandRun> RunAsync(AdminServer admin, params string[] arguments) =>
        CommandRun.OfAsync([.. arguments, "--admin", admin.Server.Host.AdminEndpoint!.ToString(), "--instance-file", admin.InstanceFile]);

    static string[] Rows(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
}
