using System.Globalization;
using Faktory.Bench.Load;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>The same load on two servers of ours in turns: one with hardly a job, one with many queued.</summary>
static class GrowthBenchmark
{
    const int connections = 10;
    const int preloadedPerSecond = 40_000;

    internal static (List<Measured> Load, List<Figure> Ratios) Measure(string program, BenchSettings settings, Turns turns, TimeProvider clock)
    {
        using var empty = new FaktoryUnderTest(program, "sync", settings.Folder, ", empty");
        using var full = new FaktoryUnderTest(program, "sync", settings.Folder, string.Create(CultureInfo.InvariantCulture, $", {settings.Jobs:N0} jobs"));
        empty.Start(clock);
        full.Start(clock);
        using (var line = full.Dial())
            full.Fill(line, settings.Jobs);

        List<BenchedServer> servers = [empty, full];
        List<Measured> load =
        [
            .. turns.Middle(servers, server => turns.Run(server, "PUSH", connections, 1, line => Push(server, line)), FlushEmpty),
            .. turns.Middle(servers, Fetch, FlushEmpty),
        ];
        return (load, [.. load.GroupBy(measured => measured.Work).SelectMany(Compare)]);

        Measured Fetch(BenchedServer server)
        {
            turns.Preload(server, preloadedPerSecond);
            return turns.Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck);
        }

        void FlushEmpty(BenchedServer server)
        {
            if (server == empty)
                Turns.Flush(server);
        }

        IEnumerable<Figure> Compare(IGrouping<string, Measured> work)
        {
            var (of, to) = (work.First(measured => measured.Server == full.Name), work.First(measured => measured.Server == empty.Name));
            yield return new(full.Name, $"{work.Key}, jobs/s to empty", of.PerSecond / to.PerSecond, "ratio");
            if (of.CpuMicroseconds is { } cpu && to.CpuMicroseconds is { } cpuEmpty)
                yield return new(full.Name, $"{work.Key}, CPU to empty", cpu / cpuEmpty, "ratio");
        }
    }

    static bool Push(BenchedServer server, WireLine line)
    {
        server.Push(line);
        return true;
    }
}
