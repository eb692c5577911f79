using System.Diagnostics;

namespace Architecture.Tests;

public sealed class ScriptTests
{
    static IEnumerable<string> Scripts => Repository.Files.Where(f => f.EndsWith(".sh", StringComparison.Ordinal) || f is "run" or "test" or "bench" or ".ci/run");

    [Fact]
    public async Task Every_script_parses()
    {
        foreach (var script in Scripts)
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-n", Path.Combine(Repository.Root, script)]) { RedirectStandardError = true })!;
            var said = await bash.StandardError.ReadToEndAsync();
            await bash.WaitForExitAsync();
            bash.ExitCode.ShouldBe(0, said);
        }
    }

    [Fact]
    public void Every_script_that_is_run_can_be()
    {
        // Those that are sourced say so where others have their interpreter.
        Scripts.Where(s => Repository.Read(s).StartsWith("#!", StringComparison.Ordinal))
            .Where(s => !File.GetUnixFileMode(Path.Combine(Repository.Root, s)).HasFlag(UnixFileMode.UserExecute)).ShouldBeEmpty();
    }
}
