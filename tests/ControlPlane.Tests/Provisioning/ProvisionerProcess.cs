using System.Collections.Concurrent;
using System.Diagnostics;

namespace ControlPlane.Tests.Provisioning;

/// <summary>A Provisioner in a process of its own, as in production, so that it can die as in production.</summary>
sealed class ProvisionerProcess : IAsyncDisposable
{
    readonly Process process;

    public ProvisionerProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Provisioner"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => Said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>It ended by SIGKILL: neither well nor by a fault of its own.</summary>
    public async Task UntilKilledAsync(string where)
    {
        await Wait.UntilAsync($"the Provisioner is killed at {where}", () => process.HasExited);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(128 + 9, string.Join('\n', Said));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
