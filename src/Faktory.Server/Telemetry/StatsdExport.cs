using System.Net.Sockets;
using System.Text;
using Faktory.Server.Config;
using Faktory.Server.Connections;

namespace Faktory.Server.Telemetry;

/// <summary>Sends the metrics to a statsd by UDP, as Faktory Enterprise does.</summary>
static class StatsdExport
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    internal static PeriodicExport Start(ServerState state, StatsdSettings settings)
    {
        var (host, port) = Binding.Split(settings.Location!);
        var text = new StatsdText(settings);
        return new PeriodicExport(state, Every, async (metrics, cancel) =>
        {
            // Looked up each time: the collector may have moved.
            using var socket = new UdpClient();
            socket.Connect(host, port);
            foreach (var packet in text.Lines(metrics).Chunk(settings.BufferSize))
                await socket.SendAsync(Encoding.UTF8.GetBytes(string.Join('\n', packet)), cancel);
        });
    }
}
