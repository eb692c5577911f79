using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Bench;

/// <summary>The server's program alone: from its start to the first bytes of +HI.</summary>
static class ProcessFloor
{
    internal static async Task<TimeSpan> MeasureAsync(TimeProvider clock, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("faktory-bench-");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("FAKTORY_SERVER") ?? throw new InvalidOperationException("Run this by ./bench control."))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var port = Greeting.FreePort();
        foreach (var argument in (string[])["-b", $"127.0.0.1:{port}", "-w", ":0", "-d", folder.FullName])
            start.ArgumentList.Add(argument);
        var begun = clock.GetTimestamp();
        using var server = Process.Start(start)!;
        await Greeting.AwaitAsync(port, cancel);
        var took = clock.GetElapsedTime(begun);
        server.Kill();
        await server.WaitForExitAsync(cancel);
        folder.Delete(recursive: true);
        return took;
    }
}

/// <summary>The first thing that a server says.</summary>
static class Greeting
{
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Dials until somebody greets.</summary>
    internal static async Task AwaitAsync(int port, CancellationToken cancel)
    {
        var greeting = new byte[3];
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancel);
                await client.GetStream().ReadExactlyAsync(greeting, cancel);
                return;
            }
            catch (Exception refused) when (refused is SocketException or IOException)
            {
                // Not listening yet, or a proxy before it that has nobody to pass the line to.
                await Task.Yield();
            }
        }
    }
}
