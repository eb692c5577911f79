using Faktory.Bench.Load;
using Faktory.Bench.Servers;

namespace Faktory.Bench;

/// <summary>Connections that send many commands before they read the replies.</summary>
static class PipelinedBenchmark
{
    const int depth = 64;
    const int preloadedPerSecond = 200_000;

    internal static IEnumerable<Measured> Measure(List<BenchedServer> servers, Turns turns)
    {
        foreach (var connections in (int[])[1, 10])
        {
            foreach (var measured in turns.Middle(servers, server => turns.Run(server, $"PUSH, {depth} ahead", connections, depth, line => Push(server, line)), Turns.Flush))
                yield return measured;
            foreach (var measured in turns.Middle(servers, server => Fetch(server, connections), Turns.Flush))
                yield return measured;
        }

        Measured Fetch(BenchedServer server, int connections)
        {
            turns.Preload(server, preloadedPerSecond);
            return turns.Run(server, $"FETCH+ACK, {depth} ahead", connections, depth, line => server.FetchAndAckPipelined(line, depth));
        }
    }

    static bool Push(BenchedServer server, WireLine line)
    {
        server.PushPipelined(line, depth);
        return true;
    }
}
