using System.Globalization;
using System.Text;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>What others notice when a queue of many jobs is removed: one connection pushes, fetches and acknowledges in another queue, before and meanwhile.</summary>
static class RemovalBenchmark
{
    static readonly TimeSpan watched = TimeSpan.FromSeconds(5);

    internal static IEnumerable<Figure> Measure(string program, BenchSettings settings, TimeProvider clock)
    {
        using var server = new FaktoryUnderTest(program, "sync", settings.Folder, ", removal");
        server.Start(clock);
        using var line = server.Dial();
        using var other = server.Dial();
        server.Fill(line, settings.Jobs);
        foreach (var figure in Figures(server, "before", Watch(other, clock)))
            yield return figure;

        var removal = TimeSpan.Zero;
        var remover = new Thread(() =>
        {
            var began = clock.GetTimestamp();
            line.Send("QUEUE REMOVE default\r\n"u8);
            line.ExpectOk();
            removal = clock.GetElapsedTime(began);
        });
        remover.Start();
        var latencies = Watch(other, clock);
        remover.Join();
        yield return new(server.Name, string.Create(CultureInfo.InvariantCulture, $"QUEUE REMOVE of {settings.Jobs:N0} jobs"), removal.TotalMilliseconds, "ms");
        foreach (var figure in Figures(server, "from the removal on", latencies))
            yield return figure;
    }

    // Milliseconds of each round: PUSH, FETCH, ACK.
    static List<double> Watch(WireLine line, TimeProvider clock)
    {
        var latencies = new List<double>();
        var began = clock.GetTimestamp();
        for (var round = 0; clock.GetElapsedTime(began) < watched; round++)
        {
            var before = clock.GetTimestamp();
            var jid = string.Create(CultureInfo.InvariantCulture, $"other-{before}-{round}");
            line.Send(Encoding.ASCII.GetBytes($"PUSH {{\"jid\":\"{jid}\",\"jobtype\":\"Other\",\"queue\":\"other\",\"args\":[]}}\r\n"));
            line.ExpectOk();
            line.Send("FETCH other\r\n"u8);
            line.ReadBulk();
            line.Send(Encoding.ASCII.GetBytes($"ACK {{\"jid\":\"{jid}\"}}\r\n"));
            line.ExpectOk();
            latencies.Add(clock.GetElapsedTime(before).TotalMilliseconds);
        }

        latencies.Sort();
        return latencies;
    }

    static IEnumerable<Figure> Figures(BenchedServer server, string when, List<double> latencies) =>
    [
        new(server.Name, $"PUSH, FETCH, ACK of another queue, {when}: p50", latencies[latencies.Count / 2], "ms"),
        new(server.Name, $"p99, {when}", latencies[(int)(latencies.Count * 0.99)], "ms"),
        new(server.Name, $"longest, {when}", latencies[^1], "ms"),
    ];
}
