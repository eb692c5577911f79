using System.Text;
using Faktory.Bench.Load;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>
/// What it costs a plain job that the features are there: the same jobs on a server with all switched off, with all switched on, and with all on and in
/// use by other jobs. The servers take turns; each turn gives a ratio, and the middle one counts.
/// </summary>
static class SwitchesBenchmark
{
    const int connections = 10;
    const int preloadedPerSecond = 40_000;

    // A ratio near one needs more of them than a difference that shows.
    const int turnsOfEach = 9;

    // Rules for other queues and types than those of the jobs that are measured.
    const string rules = """
        [weights]
        critical = 5
        [throttles]
        mail = { concurrency = 5, rate = 100, per = "second" }
        [[cron]]
          schedule = "0 3 1 1 *"
          [cron.job]
            type = "Yearly"
        """;

    const string used = """
        PUSH {"jid":"in-use-0001","jobtype":"Used","queue":"mail","args":[],"custom":{"unique_for":86400,"expires_in":86400,"track":1,"bid":"BID"}}
        """;

    internal static IEnumerable<Figure> Run(string program, BenchSettings settings, Turns turns, TimeProvider clock)
    {
        using var off = new FaktoryUnderTest(program, "sync", settings.Folder, ", features off") { HasFeatures = false };
        using var on = new FaktoryUnderTest(program, "sync", settings.Folder, ", features on") { HasFeatures = true };
        using var inUse = new FaktoryUnderTest(program, "sync", settings.Folder, ", features in use") { HasFeatures = true };
        inUse.Configure(rules);
        FaktoryUnderTest[] servers = [off, on, inUse];
        foreach (var server in servers)
            server.Start(clock);
        Use(inUse);
        foreach (var (work, measure) in ((string, Func<FaktoryUnderTest, Measured>)[])[("PUSH", Push), ("FETCH+ACK", Fetch)])
        {
            var rounds = Enumerable.Range(0, turnsOfEach).Select(_ => servers.Select(measure).ToArray()).ToArray();
            for (var i = 1; i < servers.Length; i++)
            {
                yield return new(servers[i].Name, $"{work}, time to features off", Middle(rounds.Select(r => r[0].PerSecond / r[i].PerSecond)), "ratio");
                if (rounds.All(r => r[i].CpuMicroseconds is not null && r[0].CpuMicroseconds is not null))
                    yield return new(servers[i].Name, $"{work}, CPU to features off", Middle(rounds.Select(r => r[i].CpuMicroseconds!.Value / r[0].CpuMicroseconds!.Value)), "ratio");
            }
        }

        Measured Push(FaktoryUnderTest server) => Flushed(server, turns.Run(server, "PUSH", connections, 1, line =>
        {
            server.Push(line);
            return true;
        }));

        Measured Fetch(FaktoryUnderTest server)
        {
            turns.Preload(server, preloadedPerSecond);
            return Flushed(server, turns.Run(server, "FETCH+ACK", connections, 1, server.FetchAndAck));
        }

        Measured Flushed(FaktoryUnderTest server, Measured measured)
        {
            Turns.Flush(server);
            if (server == inUse)
                Use(server);
            return measured;
        }
    }

    static void Use(FaktoryUnderTest server)
    {
        using var line = server.Dial();
        line.Send("BATCH NEW {\"success\":{\"jid\":\"callback-1\",\"jobtype\":\"Done\",\"args\":[],\"queue\":\"callbacks\"}}\r\n"u8);
        var bid = Encoding.UTF8.GetString(line.ReadBulk());
        line.Send(Encoding.UTF8.GetBytes(used.Replace("BID", bid, StringComparison.Ordinal) + "\r\n"));
        line.ExpectOk();
        line.Send(Encoding.UTF8.GetBytes($"BATCH COMMIT {bid}\r\n"));
        line.ExpectOk();
    }

    static double Middle(IEnumerable<double> values) => values.Order().ElementAt(turnsOfEach / 2);
}
