using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Jobs;

/// <summary>What the client wrote comes back byte for byte, through queue, schedule, retry and restart.</summary>
public sealed class FidelityTests
{
    public static TheoryData<string> Members =>
    [
        "\"args\":[12345678901234567890,9007199254740993,1.0,1e3,1E+3,-0,0.1e-7,1e400]",
        "\"args\":[{\"z\":1,\"a\":2,\"m\":{\"y\":[],\"b\":{}}}]",
        "\"args\":[\"<script>&amp;</script>\\u2028\\u2029/\\/\"]",
        "\"args\":[\"\\u0041\\ud83d\\ude00 😀 é \\u0000 \\b\\f\\n\\r\\t\"]",
        "\"args\":[ 1 ,\t2 , { \"a\" : null } ]",
        "\"args\":[\"\\ud83d\"]",
        "\"args\":[{\"same\":1,\"same\":2}]",
        "\"args\":[true,false,null,[[[]]]]",
        "\"args\":[],\"custom\":{\"track\":1,\"b\":{\"c\":1.50}},\"tags\":[\"unknown\",1.10],\"\\u0075nknown\":\"\"",
    ];

    [Theory]
    [MemberData(nameof(Members))]
    public async Task At_once(string members)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await PushAsync(client, members);

        (await client.CallAsync("FETCH default"))!.ShouldContain(members);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task After_a_schedule_a_failure_and_a_restart(string members)
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await PushAsync(client, members + ",\"at\":\"2026-01-02T03:05:00Z\"");
            await server.AdvanceAsync(TimeSpan.FromMinutes(1));
            (await client.CallAsync("FETCH default"))!.ShouldContain(members);
            (await client.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");
        }
        await server.RestartAsync();
        await using var later = await server.ConnectAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(44));

        (await later.CallAsync("FETCH default"))!.ShouldContain(members);
    }

    [Fact]
    public async Task Member_that_is_given_twice_counts_as_it_was_given_last()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""PUSH {"jid":"first-jid","jid":"12345678","jobtype":"T","args":[1],"ARGS":[2],"queue":"one","queue":"two"}""")).ShouldBe("+OK");

        var job = (await client.CallAsync("FETCH one two"))!;
        Job.Jid(job).ShouldBe("12345678");
        Job.Member(job, "args").GetRawText().ShouldBe("[2]");
        Job.Member(job, "queue").GetString().ShouldBe("two");
        job.ShouldNotContain("first-jid");
    }

    [Fact]
    public async Task Escapes_in_what_the_server_reads_are_understood()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("""PUSH {"\u006aid":"1234\u0035678","jobtype":"\u0054","args":[],"queue":"\u0071"}""")).ShouldBe("+OK");
        (await client.FetchJidAsync("q")).ShouldBe("12345678");

        (await client.CallAsync("""ACK {"jid":"\u00312345678"}""")).ShouldBe("+OK");
        (await client.CountAsync("working")).ShouldBe(0);
    }

    static async Task PushAsync(WireClient client, string members) =>
        (await client.CallAsync($$"""PUSH {"jid":"12345678","jobtype":"Thing",{{members}}}""")).ShouldBe("+OK");
}
