using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class BeatTests
{
    const string QuietBulk = """{"state":"quiet"}""";
    const string TerminateBulk = """{"state":"terminate"}""";

    [Fact]
    public async Task Heartbeat_of_a_running_worker_is_fine()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");

        (await worker.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("+OK");
        (await worker.CallAsync("""BEAT {"wid":"wid-1","rss_kb":12345,"current_state":""}""")).ShouldBe("+OK");
        (await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"dancing","new":{}}""")).ShouldBe("+OK");
    }

    [Fact]
    public async Task Worker_is_who_its_first_connection_said_it_is()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectAsync("""{"v":2,"wid":"wid-1","hostname":"first","pid":1,"labels":["a","b"],"rss_kb":100}""");
        await using var second = await server.ConnectAsync("""{"v":2,"wid":"wid-1","hostname":"second","pid":2,"labels":[]}""");
        await server.UntilAsync(engine => engine.Workers.Find("wid-1") is { Sessions.Count: 2 });
        await second.CallAsync("""BEAT {"wid":"wid-1","rss_kb":12345}""");

        var worker = await server.Engine.CallAsync(engine => engine.Workers.Find("wid-1")!);

        (worker.First.Hostname, worker.First.ProcessId, worker.RssKilobytes).ShouldBe(("first", 1, 12345));
        worker.First.Labels.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Heartbeat_may_come_from_any_connection()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await using var other = await server.ConnectAsync();

        (await other.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("+OK");
    }

    [Fact]
    public async Task State_is_repeated_as_a_bulk_and_never_goes_back()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");

        (await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"quiet"}""")).ShouldBe(QuietBulk);
        (await worker.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe(QuietBulk);
        (await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"running"}""")).ShouldBe(QuietBulk);
        (await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"terminate"}""")).ShouldBe(TerminateBulk);
        (await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"quiet"}""")).ShouldBe(TerminateBulk);
        await worker.SendAsync("BEAT {\"wid\":\"wid-1\"}\r\nEND\r\n");
        (await worker.ReadToEndAsync()).ShouldBe("$21\r\n{\"state\":\"terminate\"}\r\n");
    }

    [Theory]
    [InlineData("quiet")]
    [InlineData("terminate")]
    public async Task Worker_that_is_to_stop_gets_no_jobs_on_any_of_its_connections(string state)
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectWorkerAsync("wid-1");
        await using var second = await server.ConnectWorkerAsync("wid-1");
        await using var other = await server.ConnectWorkerAsync("wid-2");
        await other.PushAsync("12345678");
        await first.CallAsync($$"""BEAT {"wid":"wid-1","current_state":"{{state}}"}""");

        (await server.FetchNowAsync(first)).ShouldBeNull();
        (await server.FetchNowAsync(second)).ShouldBeNull();
        (await server.FetchNowAsync(other)).ShouldBe("12345678");
    }

    [Fact]
    public async Task Worker_that_is_to_stop_gets_no_job_it_was_already_waiting_for()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectWorkerAsync("wid-1");
        await using var second = await server.ConnectWorkerAsync("wid-1");
        await second.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync();
        await first.CallAsync("""BEAT {"wid":"wid-1","current_state":"quiet"}""");

        await first.PushAsync("12345678");
        await server.AdvanceAsync(TimeSpan.FromSeconds(2));

        (await second.ReadAsync()).ShouldBeNull();
        (await first.QueueSizeAsync("default")).ShouldBe(1);
    }

    [Fact]
    public async Task Worker_that_is_to_stop_may_still_finish_its_jobs()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await worker.PushAsync("12345678");
        await worker.FetchJidAsync();
        await worker.CallAsync("""BEAT {"wid":"wid-1","current_state":"terminate"}""");

        (await worker.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");
        (await worker.CountAsync("working")).ShouldBe(0);
    }

    // The original's own Go worker stops only when it reads these words with a capital.
    [Fact]
    public async Task Heartbeat_of_nobody_is_refused_in_the_words_that_workers_look_for()
    {
        await using var server = await TestServer.StartAsync();
        await using var producer = await server.ConnectAsync();

        (await producer.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("-ERR Unknown worker wid-1");
        (await producer.CallAsync("BEAT {}")).ShouldBe("-ERR Unknown worker ");
    }

    [Theory]
    [InlineData("wid-1")]
    [InlineData("[]")]
    [InlineData("""{"wid":1}""")]
    [InlineData("""{"wid":"wid-1","current_state":1}""")]
    [InlineData("""{"wid":"wid-1"} more""")]
    public async Task Heartbeat_that_cannot_be_read_is_sent_back(string argument)
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");

        (await worker.CallAsync($"BEAT {argument}")).ShouldBe($"-ERR invalid BEAT {argument}");
    }

    [Fact]
    public async Task Worker_without_a_heartbeat_for_a_minute_is_hung_up_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectWorkerAsync("wid-1");
        await using var second = await server.ConnectWorkerAsync("wid-1");
        await using var other = await server.ConnectAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(59.9));
        (await first.CallAsync("FLUSH")).ShouldBe("+OK");

        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));

        (await first.ReadToEndAsync()).ShouldBe("");
        (await second.ReadToEndAsync()).ShouldBe("");
        (await other.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("-ERR Unknown worker wid-1");
        var workers = (await other.InfoAsync()).GetProperty("faktory").GetProperty("tasks").GetProperty("Workers");
        workers.GetProperty("reaped").GetInt32().ShouldBe(1);
        workers.GetProperty("size").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Each_heartbeat_is_good_for_another_minute()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        for (var i = 0; i < 5; i++)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(59));
            (await worker.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("+OK");
        }
    }

    [Fact]
    public async Task Jobs_of_a_lost_worker_stay_reserved_until_their_time_is_over()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await using var other = await server.ConnectAsync();
        await worker.PushAsync("12345678", "default", "\"reserve_for\":300");
        await worker.FetchJidAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(299));
        (await other.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await other.CountAsync("retries")).ShouldBe(1);
    }

    [Fact]
    public async Task Worker_is_forgotten_when_its_last_connection_closes()
    {
        await using var server = await TestServer.StartAsync();
        await using var other = await server.ConnectAsync();
        var first = await server.ConnectWorkerAsync("wid-1");
        var second = await server.ConnectWorkerAsync("wid-1");

        await first.DisposeAsync();
        await server.UntilAsync(engine => engine.Workers.Find("wid-1") is { Sessions.Count: 1 });
        (await other.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("+OK");
        await second.DisposeAsync();
        await server.UntilAsync(engine => engine.Workers.Count == 0);

        (await other.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("-ERR Unknown worker wid-1");
    }
}
