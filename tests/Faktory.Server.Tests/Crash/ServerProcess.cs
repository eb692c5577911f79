using System.Diagnostics;
using System.Globalization;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>The server as a program of its own, to be killed: the one that FAKTORY_SERVER names, else the one built beside these tests.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;

    ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    internal int Port { get; }

    internal static async Task<ServerProcess> StartAsync(string dataDirectory)
    {
        var process = Process.Start(new ProcessStartInfo(Program, ["-b", "127.0.0.1:0", "-w", ":0", "-e", "development", "-d", dataDirectory, "-c", dataDirectory + ".config"])
        {
            RedirectStandardOutput = true,
            Environment = { ["FAKTORY_SKIP_PASSWORD"] = "1" },
        })!;
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("listening", StringComparison.Ordinal))
                return new ServerProcess(process, int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture));
        }
        await process.WaitForExitAsync(patience.Token);
        throw new InvalidOperationException($"the server ended with {process.ExitCode} before it listened");
    }

    internal async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.DialAsync(Port);
        (await client.ReadLineAsync()).ShouldBe("""+HI {"v":2}""");
        (await client.CallAsync("""HELLO {"v":2}""")).ShouldBe("+OK");
        return client;
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator does. Returns the exit code.</summary>
    internal async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience.Limit);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    static string Program
    {
        get
        {
            if (Environment.GetEnvironmentVariable("FAKTORY_SERVER") is { Length: > 0 } given)
                return given;
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Faktory.Server", $"{here.Name}_linux-x64", "faktory-server");
        }
    }
}
