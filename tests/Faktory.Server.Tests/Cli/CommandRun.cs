using System.Diagnostics;
using Faktory.Server.Tests.Crash;
using Faktory.Server.Tests.Hosting;

namespace Faktory.Server.Tests.Cli;

/// <summary>One run of the program with a verb, to its end.</summary>
sealed record CommandRun(int Code, string Output, string Errors)
{
    internal static Task<CommandRun> OfAsync(params string[] arguments) => OfAsync("", [], [ServerProcess.Program, .. arguments]);

    /// <summary>Of the server at this port.</summary>
    internal static Task<CommandRun> AtAsync(int port, string input, params string[] arguments) =>
        OfAsync(input, new() { ["FAKTORY_URL"] = $"tcp://127.0.0.1:{port}" }, [ServerProcess.Program, .. arguments]);

    internal static async Task<CommandRun> OfAsync(string input, Dictionary<string, string> environment, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAKTORY_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new CommandRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
