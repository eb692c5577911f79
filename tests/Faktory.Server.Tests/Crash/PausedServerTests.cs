using Faktory.Server.Storage;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F8: the server is stopped in the middle of its work and goes on later, as a paused container does.</summary>
public sealed class PausedServerTests(ITestOutputHelper output)
{
    const int Clients = 20;

    [Fact]
    public async Task What_is_sent_meanwhile_is_done_once_when_it_goes_on()
    {
        using var folder = new TestFolder();
        var rounds = CrashCount.Of(3);
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            for (var round = 0; round < rounds; round++)
                await PauseAsync(server, round);
            await server.KillAsync();
        }
        using var store = JobStore.Open(Path.Combine(folder["data"], "main"));
        // Every second job was acknowledged. Throws on one that is there twice.
        History.Stored(store).Count.ShouldBe(rounds * Clients);
        output.WriteLine($"{rounds} pauses, {rounds * Clients * 2} jobs, losses: 0");
    }

    static async Task PauseAsync(ServerProcess server, int round)
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => server.ConnectAsync()));
        for (var i = 0; i < Clients; i++)
        {
            await clients[i].PushAsync($"done-{round:D2}-{i:D2}", $"own-{i}");
            (await clients[i].FetchJidAsync($"own-{i}")).ShouldBe($"done-{round:D2}-{i:D2}");
        }
        await server.SignalAsync("STOP");
        for (var i = 0; i < Clients; i++)
            await clients[i].SendAsync($"ACK {{\"jid\":\"done-{round:D2}-{i:D2}\"}}\nPUSH {Job.Json($"kept-{round:D2}-{i:D2}", "kept")}\n");
        await server.SignalAsync("CONT");
        foreach (var client in clients)
        {
            (await client.ReadAsync()).ShouldBe("+OK");
            (await client.ReadAsync()).ShouldBe("+OK");
        }
        (await clients[0].CountAsync("working")).ShouldBe(0);
        foreach (var client in clients)
            await client.DisposeAsync();
    }
}
