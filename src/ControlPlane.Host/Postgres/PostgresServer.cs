using System.Diagnostics;

namespace ControlPlane.Host.Postgres;

/// <summary>
/// One run of <c>postgres</c> as a child that never outlives us: it is shut down when our end of its standard input closes,
/// which also happens when we are killed.
/// </summary>
sealed class PostgresServer : IDisposable
{
    // $1 is the log; the rest is the command. A session of its own keeps the terminal's Ctrl-C from PostgreSQL: it ends last,
    // when its clients are through. The shell's own read waits for the end of our input, so that no further process is needed.
    const string keeper = """
        exec >>"$1" 2>&1
        shift
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        { read -r _; kill -INT "$server"; } <&3 &
        watcher=$!
        exec 3<&-
        wait "$server"
        status=$?
        kill "$watcher" 2>/dev/null
        exit "$status"
        """;

    readonly Process process;

    PostgresServer(Process process)
    {
        this.process = process;
        Exited = WaitAsync();
    }

    /// <summary>Ends with the exit code when the server does.</summary>
    internal Task<int> Exited { get; }

    internal static PostgresServer Start(PostgresTools tools, PostgresFolders folders, IEnumerable<string> settings)
    {
        string[] postgres = PostgresUser.CommandLine([tools.Path("postgres"), "-D", folders.Cluster, "-k", folders.Socket, .. settings.SelectMany(s => (string[])["-c", s])]);
        var start = PostgresUser.StartInfo(["setsid", "sh", "-c", keeper, "keeper", folders.Log, .. postgres]);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        return new PostgresServer(Process.Start(start) ?? throw new PrivatePostgresException("setsid did not start"));
    }

    /// <summary>Asks for a fast shutdown (open transactions roll back) without waiting for it.</summary>
    internal void AskToStop() => process.StandardInput.Close();

    public void Dispose() => process.Dispose();

    async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
