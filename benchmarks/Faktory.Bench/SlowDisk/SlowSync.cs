using System.Diagnostics;

namespace Faktory.Bench.SlowDisk;

/// <summary>The library that makes syncs of a process slow; built where it is needed, with the machine's C compiler.</summary>
static class SlowSync
{
    /// <returns>Its path, or null when there is no compiler.</returns>
    internal static string? Build(DirectoryInfo folder)
    {
        var library = Path.Combine(folder.FullName, $"faktory-bench-slow-sync-{Environment.ProcessId}.so");
        var source = Path.Combine(AppContext.BaseDirectory, "SlowDisk", "slow_sync.c");
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
