using Faktory.Bench.Servers;

namespace Faktory.Bench.Load;

/// <summary>
/// Measurements in rounds in which the servers take turns, one at a time, and the middle round counts: a busy moment of the machine
/// hits them alike, or not at all.
/// </summary>
sealed class Turns(BenchSettings settings, TimeProvider clock, CancellationToken cancel)
{
    internal const int Rounds = 3;

    /// <summary>The middle one by jobs/s of each server's rounds.</summary>
    /// <param name="servers">They run.</param>
    /// <param name="measure">One round of one server.</param>
    /// <param name="after">What makes a server ready for its next round.</param>
    internal IEnumerable<Measured> Middle(IReadOnlyList<BenchedServer> servers, Func<BenchedServer, Measured> measure, Action<BenchedServer> after)
    {
        var turns = new List<(BenchedServer Server, Measured Measured)>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var server in servers)
            {
                cancel.ThrowIfCancellationRequested();
                turns.Add((server, measure(server)));
                after(server);
            }
        }

        return servers.Select(server => turns.Where(turn => turn.Server == server).Select(turn => turn.Measured).OrderBy(measured => measured.PerSecond).ElementAt(Rounds / 2));
    }

    /// <summary>One round.</summary>
    internal Measured Run(BenchedServer server, string work, int connections, int jobsEach, Func<WireLine, bool> request) =>
        LoadRun.Run(server, work, connections, settings.Duration / Rounds, jobsEach, request, clock);

    /// <summary>As many jobs as no server here takes within one round at this rate, so that its queue does not run dry.</summary>
    internal void Preload(BenchedServer server, int perSecond)
    {
        using var line = server.Dial();
        server.Fill(line, (int)(perSecond * settings.Duration.TotalSeconds / Rounds));
    }

    internal static void Flush(BenchedServer server)
    {
        using var line = server.Dial();
        server.Flush(line);
    }
}
