using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class FetchTests
{
    [Theory]
    [InlineData("FETCH")]
    [InlineData("FETCH ")]
    [InlineData("FETCH    ")]
    public async Task Queues_have_to_be_named(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe("-ERR must call fetch with at least one queue");
    }

    [Fact]
    public async Task Job_is_a_bulk_reply()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");

        await client.SendAsync("FETCH default\r\nEND\r\n");

        const string Stored = """{"jid":"12345678","jobtype":"Thing","args":[1],"queue":"default","retry":25,"created_at":"2026-01-02T03:04:05Z","enqueued_at":"2026-01-02T03:04:05Z"}""";
        (await client.ReadToEndAsync()).ShouldBe($"${Stored.Length}\r\n{Stored}\r\n");
    }

    [Fact]
    public async Task Empty_queues_are_waited_for_two_seconds()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("FETCH one two\r\nEND\r\n");
        await server.UntilWaitingAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(1.9));
        await server.UntilWaitingAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.1));

        (await client.ReadToEndAsync()).ShouldBe("$-1\r\n");
    }

    [Fact]
    public async Task Wait_ends_by_the_clock_alone()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await client.SendAsync("FETCH one\r\n");
        await server.UntilWaitingAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        (await client.ReadAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("third")]
    public async Task Job_in_any_of_the_queues_ends_the_wait(string queue)
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectAsync();
        await using var producer = await server.ConnectAsync();

        await worker.SendAsync("FETCH first second third\r\n");
        await server.UntilWaitingAsync();
        await producer.PushAsync("12345678", queue);

        Job.Jid(await worker.ReadAsync()).ShouldBe("12345678");
    }

    [Fact]
    public async Task Order_of_the_queues_is_an_order_of_preference()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var (jid, queue) in ((string, string)[])[("low-0001", "low"), ("high-001", "high"), ("low-0002", "low"), ("high-002", "high")])
            await client.PushAsync(jid, queue);

        (await client.FetchJidAsync("high low")).ShouldBe("high-001");
        (await client.FetchJidAsync("low high")).ShouldBe("low-0001");
        (await client.FetchJidAsync("high low")).ShouldBe("high-002");
        (await client.FetchJidAsync("high low")).ShouldBe("low-0002");
    }

    [Fact]
    public async Task Jobs_of_a_queue_come_in_the_order_they_were_pushed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 1200; i++)
            await client.SendAsync($"PUSH {Job.Json($"job-{i:D5}")}\r\n");
        for (var i = 0; i < 1200; i++)
            (await client.ReadAsync()).ShouldBe("+OK");

        for (var i = 0; i < 1200; i++)
            (await client.FetchJidAsync()).ShouldBe($"job-{i:D5}");
    }

    [Fact]
    public async Task Those_who_wait_are_served_in_the_order_they_came_and_each_job_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        await using var producer = await server.ConnectAsync();
        await first.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync(1);
        await second.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync(2);

        (await producer.CallAsync($"PUSHB [{Job.Json("job-00001")},{Job.Json("job-00002")}]")).ShouldBe("{}");

        Job.Jid(await first.ReadAsync()).ShouldBe("job-00001");
        Job.Jid(await second.ReadAsync()).ShouldBe("job-00002");
        (await producer.QueueSizeAsync("default")).ShouldBe(0);
    }

    [Fact]
    public async Task Wildcards_are_names_like_others()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");

        (await server.FetchNowAsync(client, "* d* default?")).ShouldBeNull();
    }

    [Fact]
    public async Task Queue_that_is_only_waited_for_does_not_exist()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();

        await worker.SendAsync("FETCH nowhere\r\n");
        await server.UntilWaitingAsync();

        (await other.QueueSizeAsync("nowhere")).ShouldBeNull();
    }

    [Fact]
    public async Task Commands_behind_a_waiting_fetch_wait_with_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var producer = await server.ConnectAsync();

        await client.SendAsync("FETCH default\r\nACK {\"jid\":\"12345678\"}\r\nFETCH default\r\nEND\r\n");
        await server.UntilWaitingAsync();
        await producer.PushAsync("12345678");
        await server.UntilWaitingAsync();
        await producer.PushAsync("87654321");

        var answers = (await client.ReadToEndAsync()).Split("\r\n");
        Job.Jid(answers[1]).ShouldBe("12345678");
        answers[2].ShouldBe("+OK");
        Job.Jid(answers[4]).ShouldBe("87654321");
        (await producer.CountAsync("working")).ShouldBe(1);
    }

    [Fact]
    public async Task Paused_queues_are_passed_over()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("paused-1", "one");
        await client.PushAsync("other--1", "two");
        await client.CallAsync("QUEUE PAUSE one");

        (await client.FetchJidAsync("one two")).ShouldBe("other--1");
        (await server.FetchNowAsync(client, "one two")).ShouldBeNull();
    }
}
