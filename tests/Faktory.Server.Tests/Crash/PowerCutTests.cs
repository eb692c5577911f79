using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>F2: what the disk has at one moment under load, without anything that the kernel still had in memory, which a kill alone never shows.</summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_that_was_promised_is_lost_when_the_power_fails()
    {
        LoopDisk.RequireOrSkip();
        var random = new Random(CrashCount.Seed);
        using var disk = LoopDisk.Create(megabytes: 256);
        var (histories, losses) = (new List<History>(), 0);
        for (var round = 0; round < CrashCount.Of(10); round++)
        {
            await using var server = await ServerProcess.StartAsync(disk["data"]);
            var clients = Load.Start(server, round, out var promised);
            await promised(random.Next(20, 600));
            await server.SignalAsync("STOP");
            using var copy = disk.CopyAsAfterPowerCut($"cut-{round}");
            await server.KillAsync();
            histories.AddRange(await Task.WhenAll(clients));
            losses += Load.Check(copy["data"], History.Join(histories), $"seed {CrashCount.Seed}, round {round}");
        }
        output.WriteLine($"seed {CrashCount.Seed}: {CrashCount.Of(10)} power cuts, {History.Join(histories).Pushed} pushed, losses: {losses}");
        losses.ShouldBe(0);
    }
}
