using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Faktory.Conformance.SelfService;

/// <summary>The whole control plane in one process, as <c>./run</c> starts it, on a folder of the test's own.</summary>
sealed partial class ControlPlaneProcess : IAsyncDisposable
{
    static readonly TimeSpan _startWait = TimeSpan.FromMinutes(3);
    static readonly TimeSpan _stopWait = TimeSpan.FromMinutes(1);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faktory-selfservice-");
    readonly List<string> _said = [];
    readonly TaskCompletionSource _isRunning = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process _process;

    ControlPlaneProcess(string program, string engine, (string Name, string Value)[] environment)
    {
        // PostgreSQL refuses to be root, so its own user must find the way to its data.
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)Convert.ToInt32("755", 8));
        var start = new ProcessStartInfo(program, ["--data", Path.Combine(_folder.FullName, "data"), "--engine", engine])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _isRunning.TrySetException(new InvalidOperationException($"the control plane ended:\n{Said}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program that <c>./test</c> built, or null when it did not.</summary>
    internal static string? Program => Environment.GetEnvironmentVariable("CONTROL_PLANE_HOST") is { } program && File.Exists(program) ? program : null;

    internal Uri Api => new(ApiLine().Match(Said).Groups[1].Value);

    internal string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    internal static async Task<ControlPlaneProcess> StartAsync(string program, string engine, params (string Name, string Value)[] environment)
    {
        var controlPlane = new ControlPlaneProcess(program, engine, environment);
        try
        {
            await controlPlane._isRunning.Task.WaitAsync(_startWait);
            return controlPlane;
        }
        catch
        {
            await controlPlane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync().WaitAsync(_stopWait);
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.Add(line);
        if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            _isRunning.TrySetResult();
    }

    [GeneratedRegex(@"API +(http[^ ]+)")]
    private static partial Regex ApiLine();
}
