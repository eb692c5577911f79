using System.Diagnostics;
using EndToEnd;

[assembly: AssemblyFixture(typeof(NodePackages))]

namespace EndToEnd;

/// <summary>What package-lock.json names, installed once, without running its scripts.</summary>
public sealed class NodePackages : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        var modules = Path.Combine(Built.NodeFolder, "node_modules");
        var installed = Path.Combine(modules, ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(Built.NodeFolder, "package-lock.json")))
            return;
        var (code, output) = await RunAsync(Built.NodeFolder, "npm ci --ignore-scripts --no-audit --no-fund", CancellationToken.None);
        if (code != 0)
            throw new InvalidOperationException($"npm ci failed:\n{output}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs shell commands to their end. Cancelling kills them with their children.</summary>
    internal static async Task<(int Code, string Output)> RunAsync(string folder, string commands, CancellationToken cancel)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"{commands} 2>&1"]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        try
        {
            var output = await shell.StandardOutput.ReadToEndAsync(cancel);
            await shell.WaitForExitAsync(cancel);
            return (shell.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }
    }
}
