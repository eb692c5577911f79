using Faktory.Bench.Load;
using Faktory.Bench.Report;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>
/// The verb <c>server</c>. Each measurement has rounds in which the servers take turns, one at a time, and the middle round counts:
/// a busy moment of the machine hits them alike, or not at all.
/// </summary>
static class ServerBenchmark
{
    const int bulkJobs = 1000;
    const int rounds = 3;
    const int emptyStarts = 5;
    const int fullStarts = 3;

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
            var report = new BenchReport(Machine.Describe(settings, program), Load(servers, settings, clock, cancel), Appetite(servers, settings, clock, cancel));
            await Console.Out.WriteLineAsync(settings.IsJson ? report.ToJson() : report.ToText());
            return 0;
        }
        finally
        {
            foreach (var server in servers)
                server.Dispose();
        }
    }

    static List<Measured> Load(List<BenchedServer> servers, BenchSettings settings, TimeProvider clock, CancellationToken cancel)
    {
        var results = new List<Measured>();
        foreach (var server in servers)
            server.Start(clock);
        foreach (var connections in settings.Connections)
            Each(server => Run(server, "PUSH", connections, 1, line => Always(server.Push, line)));
        foreach (var connections in settings.Connections)
            Each(server => Fetching(server, connections));
        Each(server => Run(server, $"PUSHB of {bulkJobs}", 1, bulkJobs, line => Always(each => server.PushMany(each, bulkJobs), line)));
        foreach (var server in servers)
            server.Stop();
        return results;

        void Each(Func<BenchedServer, Measured> measure)
        {
            var turns = new List<(BenchedServer Server, Measured Measured)>();
            for (var round = 0; round < rounds; round++)
            {
                foreach (var server in servers)
                {
                    cancel.ThrowIfCancellationRequested();
                    turns.Add((server, measure(server)));
                    using var line = server.Dial();
                    server.Flush(line);
                }
            }

            foreach (var server in servers)
                results.Add(turns.Where(turn => turn.Server == server).Select(turn => turn.Measured).OrderBy(measured => measured.PerSecond).ElementAt(rounds / 2));
        }

        Measured Run(BenchedServer server, string work, int connections, int jobsEach, Func<WireLine, bool> request) =>
            LoadRun.Run(server, work, connections, settings.Duration / rounds, jobsEach, request, clock);

        Measured Fetching(BenchedServer server, int connections)
        {
            using (var line = server.Dial())
                Fill(server, line, (int)(preloadedPerSecond * settings.Duration.TotalSeconds / rounds));
            return Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck);
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
            Note(server, "idle");
            using (var line = server.Dial())
                Fill(server, line, settings.Jobs);
            Note(server, $"{settings.Jobs:N0} jobs");
            server.Stop();
            Starts(server, $"start, {settings.Jobs:N0} jobs", fullStarts);
            Note(server, $"{settings.Jobs:N0} jobs, restarted");
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

        void Note(BenchedServer server, string state)
        {
            var (resident, anonymous) = server.Memory();
            figures.Add(new(server.Name, $"RSS, {state}", resident, "MiB"));
            figures.Add(new(server.Name, $"of it private, {state}", anonymous, "MiB"));
        }
    }

    static void Fill(BenchedServer server, WireLine line, int jobs)
    {
        for (var left = jobs; left > 0; left -= bulkJobs)
            server.PushMany(line, Math.Min(left, bulkJobs));
    }

    static bool Always(Action<WireLine> request, WireLine line)
    {
        request(line);
        return true;
    }
}
