using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Waiting_fetch_is_answered_and_the_connection_closed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SendAsync("FETCH default\r\n");
        await server.UntilWaitingAsync();

        await server.Host.DisposeAsync();

        (await client.ReadToEndAsync()).ShouldBe("$-1\r\n");
        await server.StartAgainAsync();
    }

    [Fact]
    public async Task Idle_connections_are_closed_without_a_word()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        await server.RestartAsync();

        (await client.ReadToEndAsync()).ShouldBe("");
    }

    [Fact]
    public async Task What_was_acknowledged_while_stopping_is_there_afterwards()
    {
        await using var server = await TestServer.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.ConnectAsync()));
        var pushing = clients.Select((client, i) => PushUntilClosedAsync(client, i)).ToArray();
        await server.UntilAsync(engine => engine.Queues.JobCount > 200);

        await server.RestartAsync();

        var acknowledged = (await Task.WhenAll(pushing)).SelectMany(jids => jids).ToHashSet();
        await using var later = await server.ConnectAsync();
        while (await server.FetchNowAsync(later) is { } jid)
            acknowledged.Remove(jid);
        acknowledged.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_is_as_it_was_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            foreach (var jid in (string[])["working-1", "failing-1", "dying---1", "queued--1", "queued--2"])
                await client.PushAsync(jid, "one", jid == "dying---1" ? "\"retry\":-1" : "");
            await client.PushAsync("planned-1", "two", "\"at\":\"2026-01-02T03:05:00Z\"");
            for (var i = 0; i < 3; i++)
                await client.FetchJidAsync("one");
            await client.CallAsync("""FAIL {"jid":"failing-1"}""");
            await client.CallAsync("""FAIL {"jid":"dying---1"}""");
        }

        await server.RestartAsync();

        await using var later = await server.ConnectAsync();
        var faktory = (await later.InfoAsync()).GetProperty("faktory");
        faktory.GetProperty("queues").GetRawText().ShouldBe("""{"one":2}""");
        faktory.GetProperty("sets").GetRawText().ShouldBe("""{"dead":1,"retries":1,"scheduled":1,"working":1}""");
        faktory.GetProperty("total_processed").GetInt32().ShouldBe(2);
        faktory.GetProperty("total_failures").GetInt32().ShouldBe(2);
        (await later.FetchJidAsync("one")).ShouldBe("queued--1");
        (await later.CallAsync("""ACK {"jid":"working-1"}""")).ShouldBe("+OK");
        (await later.CountAsync("working")).ShouldBe(1);
        await server.AdvanceAsync(TimeSpan.FromSeconds(55));
        (await later.FetchJidAsync("two")).ShouldBe("planned-1");
        (await later.FetchJidAsync("one")).ShouldBe("queued--2");
        (await later.FetchJidAsync("one")).ShouldBe("failing-1");
    }

    static async Task<List<string>> PushUntilClosedAsync(WireClient client, int number)
    {
        var acknowledged = new List<string>();
        for (var i = 0; ; i++)
        {
            var jid = $"job-{number}-{i:D6}";
            try
            {
                await client.SendAsync($"PUSH {Job.Json(jid)}\r\n");
                if (await client.TryReadAsync() is not "+OK")
                    return acknowledged;
            }
            catch (IOException)
            {
                // The server has hung up between two jobs.
                return acknowledged;
            }
            acknowledged.Add(jid);
        }
    }
}
