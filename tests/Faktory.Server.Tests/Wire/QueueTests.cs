using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class QueueTests
{
    [Fact]
    public async Task Paused_queue_takes_jobs_and_gives_none_until_it_is_resumed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");

        (await client.CallAsync("QUEUE PAUSE default")).ShouldBe("+OK");
        await client.PushAsync("job-00002");
        (await client.QueueSizeAsync("default")).ShouldBe(2);
        (await server.FetchNowAsync(client)).ShouldBeNull();
        (await client.CallAsync("QUEUE RESUME default")).ShouldBe("+OK");

        (await client.FetchJidAsync()).ShouldBe("job-00001");
        (await client.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task Resuming_serves_those_who_wait()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.CallAsync("QUEUE PAUSE default");
        await worker.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync();

        await client.CallAsync("QUEUE RESUME default");

        Job.Jid(await worker.ReadAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Removed_queue_is_gone_with_its_jobs_and_its_pause()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 600; i++)
            await client.SendAsync($"PUSH {Job.Json($"job-{i:D5}")}\n");
        for (var i = 0; i < 600; i++)
            await client.ReadAsync();
        await client.CallAsync("QUEUE PAUSE default");

        (await client.CallAsync("QUEUE REMOVE default")).ShouldBe("+OK");

        (await client.QueueSizeAsync("default")).ShouldBeNull();
        await client.PushAsync("12345678");
        (await client.QueueSizeAsync("default")).ShouldBe(1);
        (await client.FetchJidAsync()).ShouldBe("12345678");
        (await server.FetchNowAsync(client)).ShouldBeNull();
    }

    [Fact]
    public async Task Jobs_at_work_outlive_their_queue()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.FetchJidAsync();

        await client.CallAsync("QUEUE REMOVE default");
        await server.RestartAsync();

        await using var later = await server.ConnectAsync();
        (await later.CountAsync("working")).ShouldBe(1);
        (await later.CallAsync("""FAIL {"jid":"job-00001"}""")).ShouldBe("+OK");
        await server.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await later.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Star_means_all_queues()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "one");
        await client.PushAsync("job-00002", "two");

        (await client.CallAsync("QUEUE PAUSE *")).ShouldBe("+OK");
        (await server.FetchNowAsync(client, "one two")).ShouldBeNull();
        (await client.CallAsync("QUEUE RESUME *")).ShouldBe("+OK");
        (await client.FetchJidAsync("two one")).ShouldBe("job-00002");
        (await client.CallAsync("QUEUE REMOVE *")).ShouldBe("+OK");
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("queues").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task Several_queues_may_be_named_and_the_subcommand_written_in_any_case()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "one");
        await client.PushAsync("job-00002", "two");
        await client.PushAsync("job-00003", "three");

        (await client.CallAsync("QUEUE pause one two")).ShouldBe("+OK");
        (await client.FetchJidAsync("one two three")).ShouldBe("job-00003");
        (await client.CallAsync("QUEUE Remove one two")).ShouldBe("+OK");
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("queues").GetRawText().ShouldBe("""{"three":0}""");
    }

    [Theory]
    [InlineData("QUEUE PAUSE unknown")]
    [InlineData("QUEUE RESUME unknown")]
    [InlineData("QUEUE REMOVE unknown *")]
    public async Task Unknown_names_are_passed_over(string line)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe("+OK");
        (await client.InfoAsync()).GetProperty("faktory").GetProperty("queues").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task Unknown_subcommand_is_refused_in_capitals()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("QUEUE explode default")).ShouldBe("-ERR no such QUEUE subcommand: EXPLODE");
    }

    [Fact]
    public async Task Pause_survives_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await client.PushAsync("job-00001");
            await client.CallAsync("QUEUE PAUSE default");
        }

        await server.RestartAsync();

        await using var later = await server.ConnectAsync();
        (await server.FetchNowAsync(later)).ShouldBeNull();
        await later.CallAsync("QUEUE RESUME default");
        (await later.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Latency_is_the_age_of_the_oldest_job()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "one");
        await server.AdvanceAsync(TimeSpan.FromSeconds(1.5));
        await client.PushAsync("job-00002", "one");
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));

        (await client.CallAsync("QUEUE LATENCY one unknown")).ShouldBe("""{"one":2.5,"unknown":0}""");
        await client.FetchJidAsync("one");
        (await client.CallAsync("QUEUE latency one")).ShouldBe("""{"one":1}""");
        await client.FetchJidAsync("one");
        (await client.CallAsync("QUEUE LATENCY one")).ShouldBe("""{"one":0}""");
    }

    [Fact]
    public async Task Latency_counts_from_the_moment_a_job_was_due()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "one", "\"at\":\"2026-01-02T04:04:05Z\"");
        await server.AdvanceAsync(TimeSpan.FromHours(1));
        await server.AdvanceAsync(TimeSpan.FromSeconds(3));

        (await client.CallAsync("QUEUE LATENCY one")).ShouldBe("""{"one":3}""");
    }

    [Fact]
    public async Task Latency_of_nothing_and_of_everything()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync("QUEUE LATENCY")).ShouldBe("{}");
        (await client.CallAsync("QUEUE LATENCY *")).ShouldBe("-ERR QUEUE LATENCY does not support wildcards");
    }
}
