using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EndToEnd;

[assembly: AssemblyFixture(typeof(Product))]

namespace EndToEnd;

/// <summary>The whole product as one process on a data folder of its own, with instances as child processes. One for the run.</summary>
public sealed partial class Product : IAsyncLifetime
{
    static int made;
    readonly string data = Path.Combine(Path.GetTempPath(), $"faktory-end-to-end-{Environment.ProcessId}-{Interlocked.Increment(ref made)}");
    readonly Log log = new("the product");
    readonly TaskCompletionSource<bool> isRunning = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Process? process;

    /// <summary>Of the process, besides this one's.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Known before it is started, so that others can be told of it.</summary>
    internal int ApiPort { get; init; } = FreePort();

    internal Uri Portal => Said(PortalLine());
    internal Uri Api => Said(ApiLine());
    internal Uri OperatorLink => Said(OperatorLine());

    public async ValueTask InitializeAsync()
    {
        Evidence.Follow(log);
        // PostgreSQL runs as a user of its own and has to get through.
        Directory.CreateDirectory(data, (UnixFileMode)0b111_101_101);
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Built.Host, ["--data", data, "--volatile", "--engine", "process", "--api", $"{ApiPort}", "--portal", $"{FreePort()}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            },
            EnableRaisingEvents = true,
        };
        foreach (var (name, value) in Settings)
            process.StartInfo.Environment[name] = value;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => isRunning.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!await isRunning.Task)
            throw new InvalidOperationException($"the product did not start\n{log.End}");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await kill.WaitForExitAsync();
        }
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    // Not those that other programs of this machine prefer as well.
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    void Hear(string? line)
    {
        log.Hear(line);
        if (line?.StartsWith("Ctrl-C", StringComparison.Ordinal) is true)
            isRunning.TrySetResult(true);
    }

    Uri Said(Regex line) => new(line.Match(log.Text) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"the product does not say it\n{log.End}"));

    [GeneratedRegex(@"Portal +(http\S+)")]
    private static partial Regex PortalLine();

    [GeneratedRegex(@"API +(http\S+)")]
    private static partial Regex ApiLine();

    [GeneratedRegex(@"Operator +(http\S+)")]
    private static partial Regex OperatorLine();
}
