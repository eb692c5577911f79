using Faktory.Server.Queues;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Wire;

public sealed class QueuePauseTests
{
    [Fact]
    public async Task A_pause_ends_by_itself_and_gives_the_job_to_whoever_waits()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await using var worker = await server.ConnectAsync();
        await client.PushAsync("job-00001", "mail");
        (await client.CallAsync("""QUEUE PAUSE mail {"reason":"the provider is down","until":"2026-01-02T03:05:05Z"}""")).ShouldBe("+OK");
        (await server.FetchNowAsync(client, "mail")).ShouldBeNull();
        await server.AdvanceAsync(TimeSpan.FromSeconds(57));

        var fetched = worker.FetchJidAsync("mail");
        await server.UntilWaitingAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(1.5));

        (await fetched).ShouldBe("job-00001");
    }

    [Fact]
    public async Task Its_reason_and_its_end_are_there_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await client.PushAsync("job-00001", "mail");
            await client.PushAsync("job-00002", "other");
            await client.CallAsync("""QUEUE PAUSE mail {"reason":"größer","until":"2026-01-02T03:05:05Z"}""");
            await client.CallAsync("QUEUE PAUSE other");
        }
        await server.RestartAsync();

        var end = TestServer.StartedAt.AddMinutes(1).UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        (await server.Engine.CallAsync(e => e.Queues.Known.Select(q => q.Pause).ToArray())).ShouldBe([new QueuePause("größer", end), new QueuePause()]);
        await server.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await server.Engine.CallAsync(e => e.Queues.Known.Select(q => q.IsPaused).ToArray())).ShouldBe([false, true]);
    }

    [Theory]
    [InlineData("""QUEUE PAUSE mail {"until":"2026-01-02T03:04:05Z"}""", "-ERR until is over already: a pause ends in the future")]
    [InlineData("""QUEUE PAUSE mail {"until":"tomorrow"}""", "-ERR invalid timestamp for 'until': ")]
    [InlineData("""QUEUE PAUSE mail {"reason":1}""", "-ERR invalid JSON: ")]
    [InlineData("""QUEUE PAUSE {"reason":"x"}""", "-ERR internal error")]
    [InlineData("""QUEUE RESUME mail {"reason":"x"}""", "-ERR QUEUE RESUME takes names only")]
    public async Task What_makes_no_sense_is_refused_and_pauses_nothing(string command, string answer)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.PushAsync("job-00001", "mail");

        (await client.CallAsync(command))!.ShouldStartWith(answer);
        (await client.FetchJidAsync("mail")).ShouldBe("job-00001");
    }
}
