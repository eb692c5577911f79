using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ControlPlane.Tests.Hosting;

/// <summary>ControlPlane.Host as the program that people run, on a data folder of the test's own.</summary>
sealed partial class HostProcess : IAsyncDisposable
{
    readonly Process process;
    readonly List<string> said = [];
    readonly TaskCompletionSource<bool> isRunning = new(TaskCreationOptions.RunContinuationsAsynchronously);

    HostProcess(DataFolder data, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ControlPlane.Host"), ["--data", data.Path, "--volatile", "--engine", "process", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => isRunning.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal Uri Portal => Said(PortalLine());
    internal Uri Api => Said(ApiLine());
    internal Uri? OperatorLink => OperatorLine().Match(Output) is { Success: true } match ? new Uri(match.Groups[1].Value) : null;

    internal string Output
    {
        get
        {
            lock (said)
                return string.Join('\n', said);
        }
    }

    /// <summary>Starts it and waits until it says that it runs, or ends.</summary>
    internal static async Task<HostProcess> StartAsync(DataFolder data, params string[] arguments)
    {
        var host = new HostProcess(data, arguments);
        if (!await host.isRunning.Task)
            await host.ExitCodeAsync();
        return host;
    }

    internal void Kill() => process.Kill();

    internal async Task InterruptAsync()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -INT {process.Id}"]);
        await kill.WaitForExitAsync();
    }

    internal async Task<int> ExitCodeAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await InterruptAsync();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    void Hear(string? line)
    {
        if (line is null)
            return;
        lock (said)
            said.Add(line);
        if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            isRunning.TrySetResult(true);
    }

    Uri Said(Regex line) => new(line.Match(Output) is { Success: true } match ? match.Groups[1].Value : throw new InvalidOperationException($"the host did not start:\n{Output}"));

    [GeneratedRegex(@"Portal +(http\S+)")]
    private static partial Regex PortalLine();

    [GeneratedRegex(@"API +(http\S+)")]
    private static partial Regex ApiLine();

    [GeneratedRegex(@"Operator +(http\S+)")]
    private static partial Regex OperatorLine();
}
