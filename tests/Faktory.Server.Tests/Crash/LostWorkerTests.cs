using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F10: a worker dies with a thousand jobs.</summary>
public sealed class LostWorkerTests(ITestOutputHelper output)
{
    const int Jobs = 1000;

    [Fact]
    public async Task Every_job_of_a_worker_that_died_is_given_out_again_once()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var round = 0; round < CrashCount.Of(3); round++)
        {
            var jids = Enumerable.Range(0, Jobs).Select(i => $"job-{round:D2}-{i:D4}").ToArray();
            (await client.CallAsync($"PUSHB [{string.Join(',', jids.Select(jid => Job.Json(jid, "default", "\"reserve_for\":60")))}]")).ShouldBe("{}");
            var worker = await server.ConnectWorkerAsync($"wid-{round}");
            for (var i = 0; i < Jobs; i++)
                await worker.FetchJidAsync();
            worker.Reset();
            await server.UntilAsync(engine => engine.Workers.Count == 0);
            (await client.CountAsync("working")).ShouldBe(Jobs);

            await server.AdvanceAsync(TimeSpan.FromSeconds(60));
            (await client.CountAsync("retries")).ShouldBe(Jobs);
            await server.AdvanceAsync(TimeSpan.FromSeconds(15 + 29));

            var again = new List<string?>();
            for (var i = 0; i < Jobs; i++)
                again.Add(await client.FetchJidAsync());
            again.Order().ShouldBe(jids);
            (await client.QueueSizeAsync("default")).ShouldBe(0);
            foreach (var jid in jids)
                (await client.CallAsync($$"""ACK {"jid":"{{jid}}"}""")).ShouldBe("+OK");
        }
        output.WriteLine($"{CrashCount.Of(3)} lost workers, {CrashCount.Of(3) * Jobs} jobs given out again, losses: 0");
    }
}
