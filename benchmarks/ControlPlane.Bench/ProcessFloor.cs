using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Bench;

/// <summary>The server's program alone: from its start to the first bytes of +HI.</summary>
static class ProcessFloor
{
    internal static async Task<Timings> MeasureAsync(int times, TimeProvider clock, CancellationToken cancel)
    {
        var timings = new Timings("start of the server's program to +HI");
        for (var i = 0; i < times; i++)
            timings.Add(await MeasureOneAsync(clock, cancel));
        return timings;
    }

    static async Task<TimeSpan> MeasureOneAsync(TimeProvider clock, CancellationToken cancel)
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

    /// <summary>Dials until somebody greets, for half a minute at most.</summary>
    internal static async Task AwaitAsync(int port, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var greeting = new byte[3];
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                await client.GetStream().ReadExactlyAsync(greeting, patience.Token);
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
