using System.Text.Json;
using Faktory.Server.Cli.Repl;
using Faktory.Server.Connections;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Cli;

/// <summary>The verbs that speak to a running server: <c>stats</c> and <c>cli</c>.</summary>
public sealed class TalkTests
{
    [Fact]
    public async Task Stats_are_a_table_of_queues_and_counts()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var jid in (string[])["job-00001", "job-00002"])
            await client.PushAsync(jid, "critical");
        await client.PushAsync("job-later", more: "\"at\":\"2027-01-01T00:00:00Z\"");

        var run = await CommandRun.AtAsync(server.Port, "", "stats");

        run.Code.ShouldBe(0, run.Errors);
        var rows = run.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToArray();
        rows.ShouldContain("critical 2 0.0");
        rows.ShouldContain("scheduled 1");
        rows.ShouldContain("dead 0");
    }

    [Fact]
    public async Task Stats_in_json_are_what_INFO_says()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");

        var run = await CommandRun.AtAsync(server.Port, "", "stats", "--json");

        run.Code.ShouldBe(0, run.Errors);
        JsonElement.Parse(run.Output).GetProperty("faktory").GetProperty("queues").GetProperty("default").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Lines_from_a_pipe_are_sent_and_their_answers_shown()
    {
        await using var server = await TestServer.StartAsync();

        var run = await CommandRun.AtAsync(server.Port, $"PUSH {Job.Json("job-00001")}\n\nFETCH default\nACK {{\"jid\":\"job-00001\"}}\nEND\nINFO\n", "cli");

        run.Code.ShouldBe(0, run.Errors);
        run.Output.ShouldStartWith("OK\n{\n");
        run.Output.ShouldContain("  \"jid\": \"job-00001\"");
        run.Output.ShouldEndWith("\nOK\n");
    }

    [Fact]
    public async Task A_script_learns_by_the_exit_code_that_a_line_was_refused()
    {
        await using var server = await TestServer.StartAsync();

        var run = await CommandRun.AtAsync(server.Port, "NONSENSE\nINFO\n", "cli");

        run.Code.ShouldBe(1);
        run.Output.ShouldStartWith("error: ERR unknown command NONSENSE\n{");
    }

    [Fact]
    public async Task On_a_terminal_tab_completes_verbs_and_queues_and_the_arrow_recalls()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var jid in (string[])["job-00001", "job-00002"])
            await client.PushAsync(jid, "critical");

        // Tab after "FE", Tab after "cri"; then arrow up and Enter for the same again; then Ctrl-D.
        var run = await CommandRun.OfAsync(
            "FE\tcri\t\r\e[A\r\x04", new() { ["TERM"] = "xterm" },
            ["script", "-qec", $"{ServerProcess.Program} cli --url tcp://127.0.0.1:{server.Port}", "/dev/null"]);

        run.Output.ShouldContain("> FETCH critical");
        run.Output.ShouldContain("\"jid\": \"job-00001\"");
        run.Output.ShouldContain("\"jid\": \"job-00002\"");
    }

    [Theory]
    [InlineData("F", "FAIL FETCH FLUSH")]
    [InlineData("pu", "PUSH PUSHB")]
    [InlineData("QUEUE P", "PAUSE")]
    [InlineData("QUEUE PAUSE c", "critical cron")]
    [InlineData("FETCH default cr", "critical cron")]
    [InlineData("FETCH x", "")]
    [InlineData("PUSH {", "")]
    public void Words_that_a_line_may_go_on_with(string line, string candidates) =>
        string.Join(' ', Completion.Of(line, ["default", "critical", "cron"])).ShouldBe(candidates);

    [Theory]
    [InlineData("FETCH c", "FETCH cr")]
    [InlineData("FETCH crit", "FETCH critical ")]
    [InlineData("FETCH x", "FETCH x")]
    public void What_all_candidates_share_is_put_in(string line, string completed) =>
        Completion.Apply(line, Completion.Of(line, ["critical", "cron"])).ShouldBe(completed);

    [Fact]
    public async Task The_password_comes_from_the_url_and_a_wrong_or_missing_one_is_said()
    {
        await using var server = await TestServer.StartAsync(new Password("se cret"));
        string Url(string password) => $"tcp://{password}127.0.0.1:{server.Port}";

        (await CommandRun.OfAsync("stats", "--url", Url(":se%20cret@"))).Code.ShouldBe(0);
        var wrong = await CommandRun.OfAsync("stats", "--url", Url(":wrong@"));
        (wrong.Code, wrong.Errors).ShouldBe((1, $"faktory-server stats: {Url("")} refused: ERR Invalid password\n"));
        (await CommandRun.OfAsync("stats", "--url", Url(""))).Errors.ShouldContain("wants a password");
    }

    [Fact]
    public async Task A_provider_names_the_variable_of_the_url()
    {
        await using var server = await TestServer.StartAsync();
        Dictionary<string, string> environment = new() { ["FAKTORY_PROVIDER"] = "OTHER_URL", ["OTHER_URL"] = $"tcp://127.0.0.1:{server.Port}" };

        (await CommandRun.OfAsync("", environment, [ServerProcess.Program, "stats"])).Code.ShouldBe(0);
        environment["FAKTORY_PROVIDER"] = environment["OTHER_URL"];
        var run = await CommandRun.OfAsync("", environment, [ServerProcess.Program, "stats"]);
        run.Code.ShouldBe(78);
        run.Errors.ShouldContain("FAKTORY_PROVIDER must be the name");
    }

    [Fact]
    public async Task Where_nobody_listens_is_said_with_what_to_do()
    {
        var run = await CommandRun.OfAsync("stats", "--url", "tcp://127.0.0.1:1");

        run.Code.ShouldBe(1);
        run.Errors.ShouldContain("tcp://127.0.0.1:1 does not answer");
        run.Errors.ShouldContain("FAKTORY_URL");
    }

    [Fact]
    public async Task A_verb_that_does_not_exist_is_answered_with_help_and_code_2()
    {
        var run = await CommandRun.OfAsync("bakcup");

        run.Code.ShouldBe(2);
        (run.Output + run.Errors).ShouldContain("Usage:");
    }
}
