using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class RequeueTests
{
    [Fact]
    public async Task A_job_given_back_is_first_in_its_queue_and_as_it_was()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001");
        await client.PushAsync("job-00002");
        var job = await client.CallAsync("FETCH default");

        (await client.CallAsync("""REQUEUE {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await client.CountAsync("working")).ShouldBe(0);
        (await client.CallAsync("FETCH default")).ShouldBe(job);
    }

    [Fact]
    public async Task It_survives_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await client.PushAsync("job-00001");
            await client.FetchJidAsync();
            await client.CallAsync("""REQUEUE {"jid":"job-00001"}""");
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        (await again.FetchJidAsync()).ShouldBe("job-00001");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_fetched_before_a_restart_goes_back_into_its_own_queue(bool isQueueRemoved)
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await client.PushAsync("job-00001", "mail");
            await client.FetchJidAsync("mail");
            if (isQueueRemoved)
                await client.CallAsync("QUEUE REMOVE mail");
        }
        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        (await again.CallAsync("""REQUEUE {"jid":"job-00001"}""")).ShouldBe("+OK");
        (await again.FetchJidAsync("mail")).ShouldBe("job-00001");
        (await server.Engine.CallAsync(e => e.Queues.Known.Select(q => q.Name).ToArray())).ShouldBe(["mail"]);
    }

    [Theory]
    [InlineData("REQUEUE", "-ERR internal error")]
    [InlineData("REQUEUE {}", "-ERR invalid REQUEUE {}")]
    [InlineData("""REQUEUE {"jid":"job-00009"}""", "-ERR Job not found job-00009")]
    public async Task What_makes_no_sense_is_refused_with_the_reason(string line, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();

        (await client.CallAsync(line)).ShouldBe(answer);
    }
}
