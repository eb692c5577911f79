using Faktory.Server.Connections;
using Faktory.Server.Engine;
using Faktory.Server.Jobs;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Limits;

/// <summary>Each limit from both sides.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Connections()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { ConnectionsMax = 2 });
        await using var first = await server.ConnectAsync();
        await using (await server.ConnectAsync())
        {
            await using var third = await server.DialAsync();
            await third.SendAsync("HELLO {\"v\":2}\r\n");
            (await third.ReadToEndAsync()).ShouldBe("+HI {\"v\":2}\r\n-ERR too many connections: 3, at most 2 are allowed\r\n");
        }
        await server.UntilAsync(_ => server.State.Traffic.Connections == 1);

        await using var next = await server.ConnectAsync();
        (await next.CallAsync("FLUSH")).ShouldBe("+OK");
        (await first.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Connections_that_say_nothing()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { ConnectionsMax = 1, HandshakesMax = 2 });
        await using var slowest = await server.DialAsync();
        await slowest.ReadLineAsync();
        await using var slow = await server.DialAsync();
        await slow.ReadLineAsync();

        await using var quick = await server.ConnectAsync();

        (await slowest.ReadToEndAsync()).ShouldBe("");
        await slow.SendAsync("HELLO {}\r\n");
        (await slow.ReadToEndAsync()).ShouldBe("-ERR too many connections: 2, at most 1 are allowed\r\n");
        (await quick.CallAsync("FLUSH")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Connections_that_begin_no_tls()
    {
        using var config = new TestFolder();
        using var certificate = TestCertificate.Write(config.Path);
        await using var server = await TestServer.StartAsync(o => o with { ConfigDirectory = config.Path, Limits = new ServerLimits { HandshakesMax = 1 } });
        await using var first = await server.DialAsync();
        await server.UntilAsync(_ => server.State.Traffic.Connections == 1);

        await using var second = await server.DialAsync();

        (await first.ReadToEndAsync()).ShouldBe("");
        await server.UntilAsync(_ => server.State.Traffic.Connections == 1);
    }

    [Fact]
    public async Task Length_of_a_line()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { LineBytesMax = 100_000 });
        await using var client = await server.ConnectAsync();
        var longest = "PUSH " + Job.Json("12345678", "default", "\"custom\":{\"pad\":\"?\"}");
        longest = longest.Replace("?", new string('x', 100_000 - longest.Length + 1), StringComparison.Ordinal);
        longest.Length.ShouldBe(100_000);

        (await client.CallAsync(longest)).ShouldBe("+OK");
        await client.SendAsync($"FLUSH\r\n{longest} \r\nFLUSH\r\n");

        (await client.ReadToEndAsync()).ShouldBe("+OK\r\n-ERR line too long: at most 100000 bytes\r\n");
    }

    [Fact]
    public async Task Length_of_a_line_that_never_ends()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { LineBytesMax = 100_000 });
        await using var client = await server.ConnectAsync();

        await client.SendAsync("PUSH " + new string('x', 99_995));
        await client.SendAsync("x");

        (await client.ReadAsync()).ShouldBe("-ERR line too long: at most 100000 bytes");
        await server.AdvanceAsync(TimeSpan.FromSeconds(2));
        (await client.ReadToEndAsync()).ShouldBe("");
    }

    [Fact]
    public async Task Largest_line_by_default()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var job = Job.Json("12345678", "default", $"\"custom\":{{\"pad\":\"{new string('x', (8 << 20) - 200)}\"}}");

        (await client.CallAsync($"PUSH {job}")).ShouldBe("+OK");

        (await client.CallAsync("FETCH default"))!.ShouldStartWith(job[..^1]);
    }

    [Theory]
    [InlineData(0, "+HI {\"v\":2}\r\n+OK\r\n")]
    [InlineData(1, "+HI {\"v\":2}\r\n")]
    public async Task Length_of_the_first_line(int more, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();
        var padding = new string('x', new ServerLimits().HelloBytesMax - "HELLO {\"hostname\":\"\"}".Length + more);

        await client.SendAsync($"HELLO {{\"hostname\":\"{padding}\"}}\r\nEND\r\n");

        (await client.ReadToEndAsync()).ShouldBe(answer);
    }

    [Fact]
    public async Task First_line_that_never_ends()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.DialAsync();

        await client.SendAsync("HELLO {" + new string(' ', new ServerLimits().HelloBytesMax));

        (await client.ReadToEndAsync()).ShouldBe("+HI {\"v\":2}\r\n");
    }

    [Fact]
    public async Task Queues()
    {
        await using var server = await TestServer.StartAsync();
        await server.Engine.CallAsync(engine => engine.Limits = EngineLimits.Default with { QueuesMax = 2 });
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "one");
        await client.PushAsync("job-00002", "two");

        (await client.CallAsync($"PUSH {Job.Json("job-00003", "three")}")).ShouldBe("-ERR cannot create queue \"three\": there are 2 queues already, which is the limit");
        (await client.CallAsync($"PUSHB [{Job.Json("job-00003", "three")},{Job.Json("job-00004", "two")}]"))
            .ShouldBe("""{"job-00003":"cannot create queue \"three\": there are 2 queues already, which is the limit"}""");
        await client.CallAsync("QUEUE REMOVE one");
        await client.PushAsync("job-00003", "three");

        (await client.FetchJidAsync("two three")).ShouldBe("job-00002");
    }

    [Fact]
    public async Task Queues_of_one_fetch()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678", "q999");

        (await client.CallAsync("FETCH " + string.Join(' ', Enumerable.Range(0, 1001).Select(i => $"q{i}")))).ShouldBe("-ERR FETCH takes at most 1000 queues");
        (await client.FetchJidAsync(string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"q{i}")))).ShouldBe("12345678");
    }

    [Fact]
    public async Task Length_of_a_queues_name()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var longest = new string('q', 255);

        await client.PushAsync("12345678", longest);
        (await client.CallAsync($"PUSH {Job.Json("12345678", longest + "q")}")).ShouldBe("-ERR queue names must have at most 255 bytes");

        (await client.FetchJidAsync(longest)).ShouldBe("12345678");
    }

    [Fact]
    public async Task Length_of_a_jid()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var longest = new string('j', 1024);

        (await client.CallAsync($"PUSH {Job.Json("1234567")}")).ShouldBe("-ERR jobs must have a reasonable jid parameter");
        await client.PushAsync("12345678");
        await client.PushAsync(longest);
        (await client.CallAsync($"PUSH {Job.Json(longest + "j")}")).ShouldBe("-ERR jobs must have a jid of at most 1024 bytes");

        (await client.FetchJidAsync()).ShouldBe("12345678");
        (await client.FetchJidAsync()).ShouldBe(longest);
        (await client.CallAsync($"FAIL {{\"jid\":\"{longest}\"}}")).ShouldBe("+OK");
    }

    [Theory]
    [InlineData(126, true)]
    [InlineData(127, false)]
    [InlineData(100_000, false)]
    public async Task Depth_of_json(int depth, bool isTaken)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var deep = new string('[', depth) + new string(']', depth);

        var answer = await client.CallAsync($$"""PUSH {"jid":"12345678","jobtype":"T","args":[{{deep}}]}""");

        if (isTaken)
            answer.ShouldBe("+OK");
        else
            answer!.ShouldStartWith("-ERR invalid JSON: ");
    }

    [Fact]
    public async Task Bounds_of_a_job_are_as_configured_and_what_is_stored_outlives_them()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { Jobs = new JobLimits { JidBytesMax = 9, QueueNameBytesMax = 7, JsonDepthMax = 200 } });
        await using var client = await server.ConnectAsync();
        var deep = $"\"custom\":{{\"deep\":{new string('[', 198)}{new string(']', 198)}}}";

        await client.PushAsync("123456789", "default", deep);
        (await client.CallAsync($"PUSH {Job.Json("1234567890")}")).ShouldBe("-ERR jobs must have a jid of at most 9 bytes");
        (await client.CallAsync($"PUSH {Job.Json("12345678", "defaults")}")).ShouldBe("-ERR queue names must have at most 7 bytes");
        (await client.CallAsync($"PUSH {Job.Json("12345678", "default", deep.Replace("[]", "[[]]", StringComparison.Ordinal))}"))!
            .ShouldStartWith("-ERR invalid JSON: The maximum configured depth of 200 has been exceeded.");

        server.State.Limits = new ServerLimits { Jobs = new JobLimits { JidBytesMax = 8, JsonDepthMax = 2 } };
        (await client.CallAsync("FETCH default"))!.ShouldContain(deep);
        (await client.CallAsync("""FAIL {"jid":"123456789"}""")).ShouldBe("+OK");
        await server.AdvanceAsync(TimeSpan.FromSeconds(44));
        (await client.CallAsync("FETCH default"))!.ShouldContain(deep);
    }

    [Fact]
    public async Task Commands_that_one_connection_has_under_way()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { PipelinedMax = 2 });
        await using var client = await server.ConnectAsync();

        await client.SendAsync(string.Concat(Enumerable.Range(0, 9).Select(i => $"PUSH {Job.Json($"job-0000{i}")}\n")));

        for (var i = 0; i < 9; i++)
            (await client.ReadAsync()).ShouldBe("+OK");
    }

    [Fact]
    public async Task Of_too_many_dead_jobs_the_oldest_are_forgotten()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await server.Engine.CallAsync(engine => engine.Limits = EngineLimits.Default with { DeadJobsMax = 2 });
        for (var i = 1; i <= 4; i++)
        {
            await client.PushAsync($"job-{i:00000}", more: "\"retry\":-1");
            await client.FetchJidAsync();
            await client.CallAsync($$"""FAIL {"jid":"job-{{i:00000}}"}""");
            await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        await server.AdvanceAsync(TimeSpan.FromSeconds(10));

        (await client.CountAsync("dead")).ShouldBe(2);
        await client.CallAsync("""MUTATE {"cmd":"requeue","target":"dead"}""");
        (await client.FetchJidAsync()).ShouldBe("job-00003");
    }
}
