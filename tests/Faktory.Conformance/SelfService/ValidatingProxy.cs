using System.Diagnostics;
using Faktory.Conformance.Node;

namespace Faktory.Conformance.SelfService;

/// <summary>npm's prism between a platform and our service broker: what either says against node/broker/description.yaml is answered with a problem instead.</summary>
sealed class ValidatingProxy : IAsyncDisposable
{
    readonly Process process;
    Task said = Task.CompletedTask;

    ValidatingProxy(Process process, int port)
    {
        this.process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    internal Uri Address { get; }

    internal static async Task<ValidatingProxy> StartAsync(Uri broker)
    {
        await NodePackage.EnsureInstalledAsync();
        var port = FreePort.Find();
        var start = new ProcessStartInfo("node", ["node_modules/@stoplight/prism-cli/dist/index.js", "proxy", "broker/description.yaml", broker.ToString(), "--errors", "--host", "127.0.0.1", "--port", $"{port}"])
        {
            WorkingDirectory = NodePackage.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var proxy = new ValidatingProxy(Process.Start(start)!, port);
        // Read to the end, since a program that nobody hears stands still.
        proxy.said = proxy.process.StandardError.ReadToEndAsync();
        while (await proxy.process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("is listening", StringComparison.Ordinal))
            {
                proxy.said = Task.WhenAll(proxy.said, proxy.process.StandardOutput.ReadToEndAsync());
                return proxy;
            }
        await proxy.DisposeAsync();
        throw new InvalidOperationException("prism ended before it listened");
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await said;
        process.Dispose();
    }
}
