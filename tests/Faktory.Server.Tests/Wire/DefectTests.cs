using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

/// <summary>What the original gets wrong, each in its own order of events. Its crash window between queue and reservation is in Crash/.</summary>
public sealed class DefectTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Retry_of_one_job_is_not_the_default_of_later_ones(int retry)
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        await first.PushAsync("job-00001", "one", $"\"retry\":{retry}");

        await second.PushAsync("job-00002", "two");
        (await second.CallAsync($"PUSHB [{Job.Json("job-00003", "two")}]")).ShouldBe("{}");

        foreach (var jid in (string[])["job-00002", "job-00003"])
        {
            Job.Member((await second.CallAsync("FETCH two"))!, "retry").GetInt32().ShouldBe(25);
            await second.CallAsync($$"""FAIL {"jid":"{{jid}}"}""");
        }
        (await second.CountAsync("retries")).ShouldBe(2);
    }

    [Fact]
    public async Task Scheduled_job_that_could_never_be_enqueued_is_refused_and_not_lost_later()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH {Job.Json("12345678", "bad queue!", "\"at\":\"2027-01-01T00:00:00Z\"")}"))
            .ShouldBe("""-ERR cannot get "bad queue!" queue: queue names must match \A[a-zA-Z0-9._-]+\z""");
        (await client.CountAsync("scheduled")).ShouldBe(0);
    }

    [Fact]
    public async Task Client_that_hangs_up_while_it_waits_takes_no_job_with_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using (var worker = await server.ConnectAsync())
        {
            await worker.SendAsync("FETCH default\r\n");
            await server.UntilWaitingAsync();
        }
        await server.UntilWaitingAsync(0);

        await client.PushAsync("12345678");

        (await client.CountAsync("working")).ShouldBe(0);
        (await client.FetchJidAsync()).ShouldBe("12345678");
    }

    [Fact]
    public async Task Client_that_hangs_up_while_its_job_is_on_the_way_loses_nobody_a_job()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002");
        var worker = await server.ConnectAsync();
        await worker.SendAsync("FETCH default\r\n");
        worker.Reset();
        await server.UntilAsync(engine => server.State.Traffic.Connections == 1);

        // Either the hang-up was seen first and the job is back in its place, or the job had left already and is reserved as any other.
        var isReserved = await client.CountAsync("working") == 1;
        (await client.FetchJidAsync()).ShouldBe(isReserved ? "job-00002" : "job-00001");
        if (!isReserved)
            (await client.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task Two_jobs_with_one_jid_are_two_jobs()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectWorkerAsync("wid-1");
        await using var second = await server.ConnectWorkerAsync("wid-2");
        await first.PushAsync("12345678", "default", "\"custom\":{\"n\":1}");
        await first.PushAsync("12345678", "default", "\"custom\":{\"n\":2}");
        (await first.FetchJidAsync()).ShouldBe("12345678");
        (await second.FetchJidAsync()).ShouldBe("12345678");

        (await second.CallAsync("""ACK {"jid":"12345678"}""")).ShouldBe("+OK");
        (await first.CountAsync("working")).ShouldBe(1);
        (await first.CallAsync("""FAIL {"jid":"12345678"}""")).ShouldBe("+OK");

        await server.AdvanceAsync(TimeSpan.FromSeconds(44));
        Job.Member((await first.CallAsync("FETCH default"))!, "custom").GetProperty("n").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Second_job_with_a_jid_expires_into_its_own_retry()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");
        await client.PushAsync("12345678");
        await client.FetchJidAsync();
        await client.FetchJidAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(1800));

        (await client.CountAsync("retries")).ShouldBe(2);
    }

    [Fact]
    public async Task Quieted_worker_gets_no_job_on_a_connection_it_opens_later()
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await server.ConnectWorkerAsync("wid-1");
        await first.PushAsync("12345678");
        await first.CallAsync("""BEAT {"wid":"wid-1","current_state":"quiet"}""");

        await using var second = await server.ConnectWorkerAsync("wid-1");

        (await server.FetchNowAsync(second)).ShouldBeNull();
    }

    [Fact]
    public async Task Flush_leaves_no_reservation_behind_that_could_come_back()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("12345678");
        await client.FetchJidAsync();
        await client.CallAsync("FLUSH");

        await server.AdvanceAsync(TimeSpan.FromHours(2));

        var faktory = (await client.InfoAsync()).GetProperty("faktory");
        faktory.GetProperty("sets").GetRawText().ShouldBe("""{"dead":0,"retries":0,"scheduled":0,"working":0}""");
        faktory.GetProperty("queues").GetRawText().ShouldBe("{}");
        faktory.GetProperty("total_failures").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Unreadable_element_of_a_batch_takes_no_others_with_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSHB [{Job.Json("job-00001")},null,{Job.Json("job-00002")}]"))
            .ShouldBe("""{"":"jobs must have a reasonable jid parameter"}""");

        (await client.QueueSizeAsync("default")).ShouldBe(2);
    }
}
