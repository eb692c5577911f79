using System.Diagnostics;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F12: the server is told to stop while it is busy.</summary>
public sealed class StopUnderLoadTests(ITestOutputHelper output)
{
    static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Nothing_that_was_promised_is_lost_when_the_server_is_told_to_stop_under_load()
    {
        using var folder = new TestFolder();
        var random = new Random(CrashCount.Seed);
        var (histories, losses) = (new List<History>(), 0);
        for (var round = 0; round < CrashCount.Of(10); round++)
        {
            await using var server = await ServerProcess.StartAsync(folder["data"]);
            var clients = Load.Start(server, round, out var promised);
            await promised(random.Next(20, 600));
            var began = Stopwatch.StartNew();
            (await server.TerminateAsync()).ShouldBe(0);
            began.Elapsed.ShouldBeLessThan(EndsWithin);
            histories.AddRange(await Task.WhenAll(clients));
            losses += Load.Check(folder["data"], History.Join(histories), $"seed {CrashCount.Seed}, round {round}");
        }
        output.WriteLine($"seed {CrashCount.Seed}: {CrashCount.Of(10)} stops, {History.Join(histories).Pushed} pushed, losses: {losses}");
        losses.ShouldBe(0);
    }
}
