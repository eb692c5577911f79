using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Features;

public sealed class ExpiringJobTests
{
    [Fact]
    public async Task One_whose_time_is_over_is_dropped_and_counted()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"custom\":{\"expires_in\":30}");
        await client.PushAsync("job-00002", more: $"\"custom\":{{\"expires_at\":\"{TestServer.StartedAt.AddSeconds(31):O}\"}}");
        await client.PushAsync("job-00003");

        await server.AdvanceAsync(TimeSpan.FromSeconds(30));

        (await client.QueueSizeAsync("default")).ShouldBe(2);
        (await client.FetchJidAsync()).ShouldBe("job-00002");
        (await client.FetchJidAsync()).ShouldBe("job-00003");
        (await server.Engine.CallAsync(e => e.Store.Counters.Expired)).ShouldBe(1);
    }

    [Fact]
    public async Task One_that_a_worker_has_is_worked_on()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: "\"custom\":{\"expires_in\":30}");
        await client.FetchJidAsync();

        await server.AdvanceAsync(TimeSpan.FromSeconds(60));

        (await client.CountAsync("working")).ShouldBe(1);
        (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
    }

    [Fact]
    public async Task One_that_was_over_when_it_was_pushed_is_never_fetched()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"\"custom\":{{\"expires_at\":\"{TestServer.StartedAt.AddSeconds(-1):O}\"}}");
        await client.PushAsync("job-00002");

        (await client.FetchJidAsync()).ShouldBe("job-00002");
    }

    [Fact]
    public async Task A_scheduled_one_has_its_time_from_when_it_is_due()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: $"\"at\":\"{TestServer.StartedAt.AddSeconds(100):O}\",\"custom\":{{\"expires_in\":30}}");

        await server.AdvanceAsync(TimeSpan.FromSeconds(129));
        (await client.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Fact]
    public async Task It_frees_the_lock_of_a_unique_one()
    {
        const string both = "\"custom\":{\"expires_in\":30,\"unique_for\":3600}";
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", more: both);
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        await server.UntilAsync(e => e.Store.Counters.Expired == 1);

        await client.PushAsync("job-00002", more: both);
    }

    [Fact]
    public async Task It_is_dropped_after_a_restart_too()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
            await client.PushAsync("job-00001", more: "\"custom\":{\"expires_in\":30}");
        await server.RestartAsync(() => server.Clock.Advance(TimeSpan.FromSeconds(60)));

        await server.UntilAsync(e => e.Store.Counters.Expired == 1);
        await using var again = await server.ConnectAsync();
        (await again.QueueSizeAsync("default")).ShouldBe(0);
    }

    [Theory]
    [InlineData("\"expires_at\":\"soon\"", "invalid timestamp for 'expires_at': soon")]
    [InlineData("\"expires_at\":7", "expires_at must be a timestamp (RFC 3339)")]
    [InlineData("\"expires_in\":\"7\"", "expires_in must be a number of seconds")]
    public async Task What_cannot_be_meant_is_refused(string custom, string refusal)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync($"PUSH {Job.Json("job-00001", more: $"\"custom\":{{{custom}}}")}")).ShouldBe($"-ERR {refusal}");
    }
}
