using System.Diagnostics;

namespace Faktory.Conformance.SelfService;

/// <summary>A program run to its end, as at a prompt.</summary>
static class CommandRun
{
    /// <returns>Its standard output. A code other than 0 fails the test with all it said.</returns>
    internal static Task<string> OutputAsync(string program, params IReadOnlyList<string> arguments) => OutputInAsync("", program, arguments);

    /// <inheritdoc cref="OutputAsync"/>
    internal static async Task<string> OutputInAsync(string folder, string program, params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            Assert.Fail($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}\n{await output}{await errors}");
        return await output;
    }
}
