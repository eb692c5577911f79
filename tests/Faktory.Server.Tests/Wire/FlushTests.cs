using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class FlushTests
{
    [Fact]
    public async Task Everything_is_gone_and_stays_gone()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await FillAsync(client);

        (await client.CallAsync("FLUSH")).ShouldBe("+OK");

        await ShouldBeEmptyAsync(client);
        await server.RestartAsync();
        await using var later = await server.ConnectAsync();
        await ShouldBeEmptyAsync(later);
        (await server.FetchNowAsync(later, "one two")).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromDays(200));
        await ShouldBeEmptyAsync(later);
    }

    [Fact]
    public async Task Reservations_of_before_are_not_known_any_more()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await FillAsync(client);
        await client.CallAsync("FLUSH");

        (await client.CallAsync("""FAIL {"jid":"working-1"}""")).ShouldBe("-ERR Job not found working-1");
        (await client.CallAsync("""ACK {"jid":"working-1"}""")).ShouldBe("+OK");
        await ShouldBeEmptyAsync(client);
    }

    [Fact]
    public async Task Pauses_are_forgotten()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("paused-1", "one");
        await client.CallAsync("QUEUE PAUSE one");
        await client.CallAsync("FLUSH");

        await client.PushAsync("after--1", "one");

        (await client.FetchJidAsync("one")).ShouldBe("after--1");
    }

    [Fact]
    public async Task Those_who_wait_go_on_waiting_and_workers_stay_registered()
    {
        await using var server = await TestServer.StartAsync();
        await using var worker = await server.ConnectWorkerAsync("wid-1");
        await using var client = await server.ConnectAsync();
        await worker.SendAsync("FETCH one\r\n");
        await server.UntilWaitingAsync();

        await client.CallAsync("FLUSH");
        await client.PushAsync("after--1", "one");

        Job.Jid(await worker.ReadAsync()).ShouldBe("after--1");
        (await worker.CallAsync("""BEAT {"wid":"wid-1"}""")).ShouldBe("+OK");
    }

    static async Task FillAsync(WireClient client)
    {
        await client.PushAsync("working-1", "one");
        await client.PushAsync("failing-1", "one");
        await client.PushAsync("dying---1", "one", "\"retry\":-1");
        await client.PushAsync("queued--1", "two");
        await client.PushAsync("planned-1", "two", "\"at\":\"2026-01-03T00:00:00Z\"");
        for (var i = 0; i < 3; i++)
            await client.FetchJidAsync("one");
        await client.CallAsync("""FAIL {"jid":"failing-1"}""");
        await client.CallAsync("""FAIL {"jid":"dying---1"}""");
        var faktory = (await client.InfoAsync()).GetProperty("faktory");
        faktory.GetProperty("sets").GetRawText().ShouldBe("""{"dead":1,"retries":1,"scheduled":1,"working":1}""");
    }

    static async Task ShouldBeEmptyAsync(WireClient client)
    {
        var faktory = (await client.InfoAsync()).GetProperty("faktory");
        faktory.GetProperty("queues").GetRawText().ShouldBe("{}");
        faktory.GetProperty("sets").GetRawText().ShouldBe("""{"dead":0,"retries":0,"scheduled":0,"working":0}""");
        foreach (var total in (string[])["total_enqueued", "total_failures", "total_processed", "total_queues"])
            faktory.GetProperty(total).GetInt32().ShouldBe(0);
    }
}
