using System.Globalization;
using System.Runtime.InteropServices;

namespace Provisioner.Engines.Processes;

/// <summary>
/// A process by number, boot and start time: numbers are used again, the three together are not. What is found in a pid file is
/// trusted only when all three still agree.
/// </summary>
sealed partial record ServerProcess(int Pid, string Boot, long StartTicks)
{
    const int sigKill = 9, sigTerm = 15;
    const long pidfdOpen = 434, pidfdSendSignal = 424;

    // Linux counts start times in USER_HZ, which is 100 on every architecture .NET runs on.
    const int ticksPerSecond = 100;

    public static string CurrentBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Reads "boot id, newline, /proc/PID/stat" as the launcher wrote it; null when there is no such file or only a part of it.</summary>
    public static ServerProcess? FromPidFile(string path)
    {
        try
        {
            return File.ReadAllLines(path) is [var boot, var stat, ..] && TryReadStat(stat, out var pid, out _, out var startTicks)
                ? new ServerProcess(pid, boot, startTicks)
                : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public bool IsAlive
    {
        get
        {
            if (Boot != CurrentBoot)
                return false;
            try
            {
                return TryReadStat(File.ReadAllText($"/proc/{Pid}/stat"), out _, out var state, out var startTicks)
                    && startTicks == StartTicks
                    && state is not ('Z' or 'X');
            }
            catch (IOException)
            {
                // The folder in /proc is gone, or went while it was read (ESRCH): so is the process.
                return false;
            }
        }
    }

    public DateTimeOffset StartedAt =>
        DateTimeOffset.FromUnixTimeSeconds(BootSeconds).AddSeconds((double)StartTicks / ticksPerSecond);

    public void Terminate() => Signal(sigTerm);

    public void Kill() => Signal(sigKill);

    static long BootSeconds { get; } = long.Parse(
        File.ReadLines("/proc/stat").First(line => line.StartsWith("btime ", StringComparison.Ordinal)).AsSpan(6),
        CultureInfo.InvariantCulture);

    // pid (comm) state ppid pgrp session … starttime is the 22nd field; comm may hold spaces and brackets.
    static bool TryReadStat(string stat, out int pid, out char state, out long startTicks)
    {
        (pid, state, startTicks) = (0, '?', 0);
        var commEnd = stat.LastIndexOf(')');
        if (commEnd < 0)
            return false;
        var rest = stat[(commEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (rest.Length < 20 || rest[0].Length != 1)
            return false;
        state = rest[0][0];
        return int.TryParse(stat.AsSpan(0, stat.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture, out pid)
            && long.TryParse(rest[19], CultureInfo.InvariantCulture, out startTicks);
    }

    // The descriptor is opened first and the identity checked after: from then on it means this process and never its successor.
    void Signal(int signal)
    {
        var descriptor = (int)SystemCall(pidfdOpen, Pid, 0, 0, 0);
        if (descriptor < 0)
            return;
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        if (IsAlive)
            _ = SystemCall(pidfdSendSignal, descriptor, signal, 0, 0);
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern long SystemCall(long number, long first, long second, long third, long fourth);
}
