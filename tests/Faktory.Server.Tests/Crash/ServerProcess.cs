using System.Diagnostics;
using System.Globalization;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Crash;

/// <summary>The server as a program of its own, to be killed: the one that FAKTORY_SERVER names, else the one built beside these tests.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly Task<string> _errors;

    ServerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal int Id => _process.Id;

    internal int Port { get; private set; }

    /// <param name="dataDirectory">For <c>-d</c>; the folder for <c>-c</c> is beside it.</param>
    /// <param name="launcher">What starts the program instead of this one, such as a shell with limits.</param>
    internal static Task<ServerProcess> StartAsync(string dataDirectory, params string[] launcher) => StartAsync(
        [.. launcher, Program, "-b", "127.0.0.1:0", "-w", ":0", "-e", "development", "-d", dataDirectory, "-c", dataDirectory + ".config"],
        new() { ["FAKTORY_SKIP_PASSWORD"] = "1" });

    /// <summary>Returns when it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has its exit code.</exception>
    internal static async Task<ServerProcess> StartAsync(string[] command, Dictionary<string, string?> environment)
    {
        var server = new ServerProcess(Launch(command, environment));
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await server._process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.Contains("listening", StringComparison.Ordinal))
                continue;
            server.Port = int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
            return server;
        }
        var (code, errors) = await server.EndAsync();
        throw new InvalidOperationException($"the server ended with {code} before it listened: {errors}");
    }

    /// <summary>Runs the program to its end.</summary>
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var server = new ServerProcess(Launch([Program, .. arguments], environment));
        using var patience = new CancellationTokenSource(Patience.Limit);
        var output = await server._process.StandardOutput.ReadToEndAsync(patience.Token);
        var (code, errors) = await server.EndAsync();
        return (code, output, errors);
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
        await SignalAsync("TERM");
        return (await EndAsync()).Code;
    }

    internal async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end, and returns what it said of it.</summary>
    internal async Task<(int Code, string Errors)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    static Process Launch(string[] command, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAKTORY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    internal static string Program
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
