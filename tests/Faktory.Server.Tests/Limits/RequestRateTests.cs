using Faktory.Server.Connections;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Limits;

public sealed class RequestRateTests
{
    const string TooMany = "-ERR too many requests: at most 5 a second on one connection";

    [Fact]
    public async Task Requests_above_the_limit_are_refused_and_not_done_and_other_connections_unaffected()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { RequestsPerSecondMax = 5 });
        await using var greedy = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();

        await greedy.SendAsync(string.Concat(Enumerable.Range(0, 7).Select(i => $"PUSH {Job.Json($"job-0000{i}")}\n")));

        for (var i = 0; i < 5; i++)
            (await greedy.ReadAsync()).ShouldBe("+OK");
        (await greedy.ReadAsync()).ShouldBe(TooMany);
        (await greedy.ReadAsync()).ShouldBe(TooMany);
        (await other.QueueSizeAsync("default")).ShouldBe(5);
    }

    [Fact]
    public async Task Within_the_limit_nothing_is_refused_however_long_it_goes_on()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { RequestsPerSecondMax = 5 });
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 30; i++)
        {
            await client.PushAsync($"job-{i:D5}");
            await server.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        }
    }

    [Fact]
    public async Task What_was_used_up_comes_back_with_time_and_a_new_limit_holds_at_once()
    {
        await using var server = await TestServer.StartAsync(new ServerLimits { RequestsPerSecondMax = 5 });
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < 5; i++)
            await client.PushAsync($"job-{i:D5}");
        (await client.CallAsync("INFO")).ShouldBe(TooMany);
        await server.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        await client.PushAsync("job-00005");
        (await client.CallAsync("INFO")).ShouldBe(TooMany);

        server.State.Limits = new ServerLimits();

        for (var i = 0; i < 100; i++)
            (await client.CallAsync("QUEUE LATENCY")).ShouldBe("{}");
    }
}
