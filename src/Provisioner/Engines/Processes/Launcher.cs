using System.Diagnostics;
using System.Globalization;

namespace Provisioner.Engines.Processes;

/// <summary>Starts a server as a process that outlives us, at most one per instance.</summary>
sealed class Launcher(string executable, ProcessEngineOptions options)
{
    // The shell becomes the server (exec), so its number, start time and lock are the server's. The lock is held by the process
    // itself through descriptor 9: two Provisioners, or one that was killed between two lines, can never run an instance twice.
    // It is waited for: the last threads of a server that was just killed may still hold it.
    // The pid file is written under the lock and before the server exists. The data limit is a backstop above the heap limit;
    // a machine short of memory ends tenants before databases (oom_score_adj).
    const string script = """
        umask 077
        exec 9>>"$1/run/lock"
        flock -w 2 9 || exit 75
        ulimit -c 0
        ulimit -n "$2" 2>/dev/null
        ulimit -d "$3" 2>/dev/null
        echo 500 2>/dev/null >/proc/self/oom_score_adj
        read -r boot </proc/sys/kernel/random/boot_id
        read -r stat </proc/$$/stat
        printf '%s\n%s\n' "$boot" "$stat" >"$1/run/pid" || exit 74
        cd "$1" || exit 74
        log="$1/run/log"; shift 3
        exec "$@" >>"$log" 2>&1 </dev/null
        """;

    public const int ExitAlreadyRunning = 75;

    public bool HasExecutable => File.Exists(executable);

    /// <summary>
    /// Returns once the shell has become the server, or ended. The returned process is a child of ours: its exit code can be had,
    /// and disposing the object leaves the process alone.
    /// </summary>
    public async Task<Process> StartAsync(InstanceFolder folder, Launch launch, CancellationToken cancel)
    {
        if (!HasExecutable)
            throw new EngineUnavailableException($"there is no server executable at {executable}");

        var start = new ProcessStartInfo("/usr/bin/setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Our own environment holds connection strings and keys; a tenant's server gets none of it.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + (launch.MemoryBytes * 6 / 10).ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";

        string[] arguments =
        [
            "/bin/sh", "-c", script, "launcher", folder.Path,
            options.OpenFilesMax.ToString(CultureInfo.InvariantCulture), DataKibibytes(launch),
            executable, "-b", $"127.0.0.1:{launch.Port}", "-w", ":0", "-e", "production", "-d", folder.Data, "-c", folder.Config,
            "--admin", $"127.0.0.1:{launch.AdminPort}", "--instance-file", folder.InstanceFile,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        var process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        // The pipes end when the shell hands over to the server, whose output goes to the log.
        await process.StandardError.ReadToEndAsync(cancel);
        return process;
    }

    // Reserved is not used: thread stacks and the allocator's arenas count in full, so the limit leaves room above the plan's memory.
    static string DataKibibytes(Launch launch) =>
        ((launch.MemoryBytes * 2 + (512L << 20)) / 1024).ToString(CultureInfo.InvariantCulture);
}
