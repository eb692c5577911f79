using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F1: clients push, fetch and acknowledge while the server is killed, again and again on the same data.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    static int Rounds => CrashCount.Of(50);

    [Theory]
    [InlineData("sync")]
    [InlineData("interval")]
    public async Task Nothing_that_was_promised_is_lost_when_the_server_is_killed(string durability)
    {
        using var folder = new TestFolder();
        var seed = CrashCount.Seed;
        var random = new Random(seed);
        var histories = new List<History>();
        var losses = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using (var server = await ServerProcess.StartAsync(folder["data"], "env", $"FAKTORY_DURABILITY={durability}"))
                histories.AddRange(await RunUntilKilledAsync(server, round, random.Next(20, 400)));
            losses += Load.Check(folder["data"], History.Join(histories), $"seed {seed}, round {round}");
        }
        var all = History.Join(histories);
        output.WriteLine($"{durability}, seed {seed}: {Rounds} kills, {all.Pushed} pushed, {all.Acknowledged} acknowledged, losses: {losses}");
        losses.ShouldBe(0);
        all.Acknowledged.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_job_fetched_before_a_kill_can_be_acknowledged_after_it()
    {
        using var folder = new TestFolder();
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            var client = await server.ConnectAsync();
            await client.PushAsync("job-00001");
            (await client.FetchJidAsync()).ShouldBe("job-00001");
            // The answer of a later PUSH means that the reservation, written before it, is durable too.
            await client.PushAsync("job-00002");
            await server.KillAsync();
        }
        await using (var server = await ServerProcess.StartAsync(folder["data"]))
        {
            var client = await server.ConnectAsync();
            (await client.FetchJidAsync()).ShouldBe("job-00002");
            (await client.CountAsync("working")).ShouldBe(2);
            (await client.CallAsync("""ACK {"jid":"job-00001"}""")).ShouldBe("+OK");
            (await client.CountAsync("working")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_second_server_cannot_take_the_folder_of_a_running_one()
    {
        using var folder = new TestFolder();
        await using var server = await ServerProcess.StartAsync(folder["data"]);
        (await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(folder["data"]))).Message.ShouldContain("74");
        await (await server.ConnectAsync()).PushAsync("job-00001");
    }

    static async Task<History[]> RunUntilKilledAsync(ServerProcess server, int round, int promises)
    {
        var clients = Load.Start(server, round, out var promised);
        await promised(promises);
        await server.KillAsync();
        return await Task.WhenAll(clients);
    }
}
