using Faktory.Bench.Load;
using Faktory.Bench.Report;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>The verb <c>server</c>: the parts that were asked for, one after the other.</summary>
static class ServerBenchmark
{
    internal static readonly string[] Parts = ["load", "pipelined", "growth", "disk", "removal", "appetite"];

    // Memory is what a server keeps once it is quiet, not what passes through it.
    static readonly TimeSpan afterStart = TimeSpan.FromSeconds(3);
    static readonly TimeSpan afterWork = TimeSpan.FromSeconds(15);

    const int emptyStarts = 5;
    const int fullStarts = 3;

    // Of the storage engines alone, and so only when it is asked for.
    internal const string Cycles = "cycles";

    // More than any server here fetches in a second, so that its queue does not run dry.
    const int preloadedPerSecond = 40_000;

    internal static async Task<int> RunAsync(BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        if (settings.Server is not { Length: > 0 } program || !File.Exists(program))
        {
            await Console.Error.WriteLineAsync("FAKTORY_SERVER must name the server's program, published or built");
            return 2;
        }

        var withRedis = settings.WithRedis && RedisUnderTest.IsInstalled();
        if (settings.WithRedis && !withRedis)
            await Console.Error.WriteLineAsync("Redis is not installed (apt-get install redis-tools has its server): no comparison");

        var servers = new List<BenchedServer>();
        try
        {
            servers.AddRange([new FaktoryUnderTest(program, "sync", settings.Folder), new FaktoryUnderTest(program, "interval", settings.Folder)]);
            if (withRedis)
                servers.AddRange([new RedisUnderTest("always", settings.Folder), new RedisUnderTest("everysec", settings.Folder)]);
            var report = Measure(program, servers, settings, clock, cancel);
            await Console.Out.WriteLineAsync(settings.IsJson ? report.ToJson() : report.ToText());
            return 0;
        }
        finally
        {
            foreach (var server in servers)
                server.Dispose();
        }
    }

    static BenchReport Measure(string program, List<BenchedServer> servers, BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var turns = new Turns(settings, clock, cancel);
        var load = new List<Measured>();
        var figures = new List<Figure>();
        if (settings.Only.Contains("load") || settings.Only.Contains("pipelined"))
        {
            foreach (var server in servers)
                server.Start(clock);
            if (settings.Only.Contains("load"))
                load.AddRange(Load(servers, settings, turns));
            if (settings.Only.Contains("pipelined"))
                load.AddRange(PipelinedBenchmark.Measure(servers, turns));
            foreach (var server in servers)
                server.Stop();
        }

        if (settings.Only.Contains("growth"))
        {
            var (grown, ratios) = GrowthBenchmark.Measure(program, settings, turns, clock);
            load.AddRange(grown);
            figures.AddRange(ratios);
        }

        if (settings.Only.Contains("disk"))
            load.AddRange(DiskBenchmark.Measure(program, settings, servers.Count > 2, turns, clock));
        if (settings.Only.Contains("removal"))
            figures.AddRange(RemovalBenchmark.Measure(program, settings, clock));
        if (settings.Only.Contains(Cycles))
            figures.AddRange(CyclesBenchmark.Measure(settings.Cycles, settings.Folder, clock, cancel));
        if (settings.Only.Contains("appetite"))
            figures.AddRange(Appetite(servers, settings, clock, cancel));
        return new(Machine.Describe(settings, program), load, figures);
    }

    static IEnumerable<Measured> Load(List<BenchedServer> servers, BenchSettings settings, Turns turns)
    {
        foreach (var connections in settings.Connections)
        {
            foreach (var measured in Each(server => turns.Run(server, "PUSH", connections, 1, line => Always(server.Push, line))))
                yield return measured;
        }

        foreach (var connections in settings.Connections)
        {
            foreach (var measured in Each(server => Fetching(server, connections)))
                yield return measured;
        }

        foreach (var measured in Each(server => turns.Run(server, $"PUSHB of {BenchedServer.BulkJobs}", 1, BenchedServer.BulkJobs, line => Always(each => server.PushMany(each, BenchedServer.BulkJobs), line))))
            yield return measured;

        IEnumerable<Measured> Each(Func<BenchedServer, Measured> measure) => turns.Middle(servers, measure, Turns.Flush);

        Measured Fetching(BenchedServer server, int connections)
        {
            turns.Preload(server, preloadedPerSecond);
            return turns.Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck);
        }
    }

    static List<Figure> Appetite(List<BenchedServer> servers, BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var figures = new List<Figure>();
        foreach (var server in servers)
        {
            cancel.ThrowIfCancellationRequested();
            server.Wipe();
            Starts(server, "start, empty", emptyStarts);
            Note(server, "idle", afterStart);
            using (var line = server.Dial())
                server.Fill(line, settings.Jobs);
            Note(server, $"{settings.Jobs:N0} jobs", afterWork);
            server.Stop();
            Starts(server, $"start, {settings.Jobs:N0} jobs", fullStarts);
            Note(server, $"{settings.Jobs:N0} jobs, restarted", afterStart);
            server.Stop();
        }

        return figures;

        // Leaves the server running after the last start.
        void Starts(BenchedServer server, string what, int times)
        {
            var took = new List<double>();
            for (var start = 1; start <= times; start++)
            {
                server.Stop();
                took.Add(server.Start(clock).TotalMilliseconds);
            }

            took.Sort();
            figures.Add(new(server.Name, what, took[took.Count / 2], "ms"));
        }

        void Note(BenchedServer server, string state, TimeSpan after)
        {
            cancel.WaitHandle.WaitOne(after);
            var (resident, anonymous) = server.Memory();
            figures.Add(new(server.Name, $"RSS, {state}", resident, "MiB"));
            figures.Add(new(server.Name, $"of it private, {state}", anonymous, "MiB"));
        }
    }

    static bool Always(Action<WireLine> request, WireLine line)
    {
        request(line);
        return true;
    }
}
