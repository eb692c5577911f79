using Faktory.Bench.Load;
using Faktory.Bench.Servers;
using Faktory.Bench.SlowDisk;

namespace Faktory.Bench;

/// <summary>What a disk whose syncs take 2 ms longer does to ours in mode <c>sync</c>, beside it without that, and beside Redis on the same disk.</summary>
static class DiskBenchmark
{
    const int pushers = 10;
    const int preloadedPerSecond = 40_000;

    internal static IEnumerable<Measured> Measure(string program, BenchSettings settings, bool withRedis, Turns turns, TimeProvider clock)
    {
        if (SlowSync.Build(settings.Folder) is not { } library)
        {
            Console.Error.WriteLine("No C compiler (apt-get install gcc): slow syncs are not measured");
            yield break;
        }

        var servers = new List<BenchedServer>
        {
            new FaktoryUnderTest(program, "sync", settings.Folder, ", disk as it is"),
            new FaktoryUnderTest(program, "sync", settings.Folder, ", slow disk") { Preloaded = library },
        };
        if (withRedis)
            servers.Add(new RedisUnderTest("always", settings.Folder, ", slow disk") { Preloaded = library });
        try
        {
            foreach (var server in servers)
                server.Start(clock);
            foreach (var connections in (int[])[10, 50])
            {
                foreach (var measured in turns.Middle(servers, server => turns.Run(server, "PUSH", connections, 1, line => Push(server, line)), Turns.Flush))
                    yield return measured;
                foreach (var measured in turns.Middle(servers, server => Fetch(server, connections), Turns.Flush))
                    yield return measured;
            }

            foreach (var measured in turns.Middle(servers.OfType<FaktoryUnderTest>().ToList<BenchedServer>(), FetchAlone, Turns.Flush))
                yield return measured;
        }
        finally
        {
            foreach (var server in servers)
                server.Dispose();
            File.Delete(library);
        }

        Measured Fetch(BenchedServer server, int connections)
        {
            turns.Preload(server, preloadedPerSecond);
            return turns.Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck);
        }

        // No reply of FETCH may wait for the syncs that others' pushes need.
        Measured FetchAlone(BenchedServer server)
        {
            turns.Preload(server, preloadedPerSecond);
            using var stop = new CancellationTokenSource();
            var pushing = Enumerable.Range(0, pushers).Select(_ => new Thread(() => PushUntil(server, stop.Token)) { IsBackground = true }).ToList();
            pushing.ForEach(thread => thread.Start());
            try
            {
                return turns.Run(server, $"FETCH while {pushers} push", 1, 1, ((FaktoryUnderTest)server).Fetch);
            }
            finally
            {
                stop.Cancel();
                pushing.ForEach(thread => thread.Join());
            }
        }
    }

    static void PushUntil(BenchedServer server, CancellationToken stop)
    {
        using var line = server.Dial();
        while (!stop.IsCancellationRequested)
            server.Push(line);
    }

    static bool Push(BenchedServer server, WireLine line)
    {
        server.Push(line);
        return true;
    }
}
