using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Faktory.Client;

namespace Faktory.Conformance.Servers;

/// <summary>
/// The server under test, in a process of its own with a folder of its own: the program that FAKTORY_SERVER names, or the one built
/// beside the tests. It can be killed without warning and started again on the same data and port.
/// </summary>
sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>Needs percent-encoding in a URL, as passwords do sooner or later.</summary>
    internal const string Password = "p@ss/w:rd%";

    static readonly TimeSpan _startWait = TimeSpan.FromSeconds(30);
    static readonly TimeSpan _stopWait = TimeSpan.FromSeconds(20);

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faktory-conformance-");
    readonly List<string> _lastLines = [];
    readonly bool _hasTls;
    Process? _process;
    int _port;

    ServerProcess(TestCertificate? certificate)
    {
        Directory.CreateDirectory(Config);
        certificate?.WriteTo(Config);
        _hasTls = certificate is not null;
    }

    internal FaktoryUrl Url => new() { Host = "127.0.0.1", Port = _port, Password = Password, IsTls = _hasTls };

    internal FaktoryClientOptions Options => new(Url, TimeProvider.System);

    string Config => Path.Combine(_folder.FullName, "config");

    internal static async Task<ServerProcess> StartAsync(TestCertificate? certificate = null)
    {
        var server = new ServerProcess(certificate);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <c>kill -9</c> does: no goodbye to anybody.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator does: SIGTERM, and the exit code.</summary>
    internal async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(_stopWait);
        return _process.ExitCode;
    }

    /// <summary>Starts on the same data, and on the same port once there was one.</summary>
    internal async Task StartAgainAsync()
    {
        var program = Environment.GetEnvironmentVariable("FAKTORY_SERVER");
        string[] arguments = ["-b", $"127.0.0.1:{_port}", "-w", ":0", "-d", Path.Combine(_folder.FullName, "data"), "-c", Config, "-e", "development"];
        var start = program is { Length: > 0 }
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("dotnet", [BuiltServer, .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["FAKTORY_PASSWORD"] = Password;

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var bound = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Hear(line.Data, bound);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, bound);
        _process.Exited += (_, _) => bound.TrySetException(new InvalidOperationException("the server ended before it listened"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            _port = await bound.Task.WaitAsync(_startWait);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"the server does not start; it said:\n{string.Join('\n', Said())}", failure);
        }
    }

    /// <summary>The server's last lines, for a failed test's message.</summary>
    internal IReadOnlyList<string> Said()
    {
        lock (_lastLines)
            return [.. _lastLines];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    static string BuiltServer { get; } =
        typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ServerAssembly").Value!;

    void Hear(string? line, TaskCompletionSource<int> bound)
    {
        if (line is null)
            return;
        lock (_lastLines)
        {
            _lastLines.Add(line);
            if (_lastLines.Count > 50)
                _lastLines.RemoveAt(0);
        }

        if (BoundPort().Match(line) is { Success: true } match)
            bound.TrySetResult(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex BoundPort();
}
