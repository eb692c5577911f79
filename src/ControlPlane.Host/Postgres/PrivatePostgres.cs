using Npgsql;

namespace ControlPlane.Host.Postgres;

/// <param name="DataFolder">Holds the cluster (<c>postgres</c>), the socket's folder (<c>postgres-socket</c>) and <c>postgres.log</c>.</param>
/// <param name="IsDurable">False gives up every promise about a crash of the machine, for tests.</param>
/// <param name="ConnectionsMax">Connections the server accepts.</param>
sealed record PrivatePostgresOptions(string DataFolder, bool IsDurable = true, int ConnectionsMax = 200);

/// <summary>
/// A PostgreSQL of our own: in a data folder, on a Unix socket in a closed folder, with no TCP port. It is created when the folder has
/// none, started again when it dies, and stopped with us. One process at a time may use a data folder: the caller sees to that.
/// </summary>
sealed partial class PrivatePostgres : IAsyncDisposable
{
    const string superuser = "postgres";
    static readonly TimeSpan startsWithin = TimeSpan.FromMinutes(5); // Recovery after a crash reads up to a gigabyte of log.

    readonly PrivatePostgresOptions options;
    readonly PostgresTools tools;
    readonly PostgresFolders folders;
    readonly ILogger logger;
    readonly TimeProvider clock;
    readonly CancellationTokenSource stopping = new();
    readonly Task keptRunning;
    PostgresServer server;

    PrivatePostgres(PrivatePostgresOptions options, PostgresTools tools, PostgresFolders folders, ILogger logger, TimeProvider clock)
    {
        (this.options, this.tools, this.folders, this.logger, this.clock) = (options, tools, folders, logger, clock);
        server = StartServer();
        keptRunning = KeepRunningAsync();
    }

    /// <summary>The folder to give as host to PostgreSQL's own tools.</summary>
    internal string SocketFolder => folders.Socket;

    /// <exception cref="PrivatePostgresException">PostgreSQL is missing, or it does not start; its last words are in the message.</exception>
    internal static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, ILogger logger, TimeProvider clock, CancellationToken cancel)
    {
        var folders = await PostgresFolders.PrepareAsync(options.DataFolder, cancel);
        if (!folders.HasCluster)
            await new PostgresCluster(PostgresTools.Find(majorVersion: null), folders.Cluster).CreateAsync(options.IsDurable, cancel);
        await PostgresProcesses.EndAsync(folders.Cluster, clock, cancel);
        var postgres = new PrivatePostgres(options, PostgresTools.Find(PostgresCluster.MajorVersion(folders.Cluster)), folders, logger, clock);
        try
        {
            await postgres.WaitUntilReadyAsync(cancel);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>How <paramref name="role"/> connects to <paramref name="database"/>: no password, the folder is the boundary.</summary>
    internal string ConnectionString(string role, string database, int poolSizeMax = 50) => new NpgsqlConnectionStringBuilder
    {
        Host = folders.Socket,
        Username = role,
        Database = database,
        MaxPoolSize = poolSizeMax,
        Timeout = 15,
    }.ConnectionString;

    /// <summary>How the superuser connects, for making databases and roles; never handed to a process that serves.</summary>
    internal string SuperuserConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(superuser, database)) { Pooling = false }.ConnectionString;

    /// <summary>Shuts down fast and cleanly: a checkpoint is written, so that the next start has nothing to recover.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        server.AskToStop();
        await keptRunning;
        server.Dispose();
        stopping.Dispose();
        PostgresFolders.RemoveSocket(Path.Combine(options.DataFolder, "postgres-socket"));
    }

    PostgresServer StartServer() => PostgresServer.Start(tools, folders, Settings());

    string[] Settings()
    {
        string[] always =
        [
            "listen_addresses=", "unix_socket_permissions=0700", $"max_connections={options.ConnectionsMax}", "shared_buffers=64MB", "huge_pages=off",
            // Statements that fail may carry what nobody should read in a log.
            "log_min_error_statement=panic",
        ];
        return options.IsDurable ? always : [.. always, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"];
    }

    async Task KeepRunningAsync()
    {
        while (true)
        {
            var exitCode = await server.Exited;
            if (stopping.IsCancellationRequested)
                return;
            LogDied(logger, exitCode, folders.Log);
            await PostgresProcesses.EndAsync(folders.Cluster, clock, CancellationToken.None);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            server.Dispose();
            server = StartServer();
            if (stopping.IsCancellationRequested)
                server.AskToStop();
        }
    }

    async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(startsWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        for (var first = server; !await AnswersAsync(either.Token);)
        {
            if (first.Exited.IsCompleted)
                throw new PrivatePostgresException($"PostgreSQL ended while starting; the end of {folders.Log}:{Environment.NewLine}{await LastWordsAsync(cancel)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, either.Token);
        }
    }

    async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(SuperuserConnectionString("postgres"));
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // No socket yet, or "the database system is starting up".
        }
    }

    async Task<string> LastWordsAsync(CancellationToken cancel) =>
        string.Join(Environment.NewLine, (await File.ReadAllLinesAsync(folders.Log, cancel)).TakeLast(10));

    [LoggerMessage(LogLevel.Error, "PostgreSQL ended with code {ExitCode} and is started again; why may stand in {Log}")]
    static partial void LogDied(ILogger logger, int exitCode, string log);
}
