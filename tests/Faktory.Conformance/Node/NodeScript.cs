using System.Diagnostics;

namespace Faktory.Conformance.Node;

/// <summary>A node process that runs a script of ours to its end.</summary>
sealed class NodeScript : IDisposable
{
    static readonly TimeSpan _endWait = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly Task<string> _errors;

    NodeScript(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What the script prints, line by line.</summary>
    internal StreamReader Output => _process.StandardOutput;

    internal static async Task<NodeScript> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await NodePackage.EnsureInstalledAsync();
        var start = new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = NodePackage.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The library waits 3 s after it aborted jobs, and 0.1 s in tests.
        start.Environment["NODE_ENV"] = "test";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a script to its end; its output. A script that fails, or never ends, fails the test with its last words.</summary>
    internal static async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var script = await StartAsync(environment, arguments);
        var output = script.Output.ReadToEndAsync();
        await script.EndAsync();
        return await output;
    }

    /// <summary>Waits until it ended well. Somebody else must read its output.</summary>
    internal async Task EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(_endWait);
        }
        catch (TimeoutException)
        {
            await KillAsync();
            Assert.Fail($"the script does not end\n{await _errors}");
        }

        if (_process.ExitCode != 0)
            Assert.Fail($"the script ended with code {_process.ExitCode}\n{await _errors}");
    }

    internal async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
