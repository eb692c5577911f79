using Npgsql;

namespace BackupScheduler.Jobs;

/// <summary>
/// Lets a job run in one process at a time: a lock of a database session, which PostgreSQL releases when the process dies. A job whose gate is
/// closed is skipped; it comes again.
/// </summary>
sealed partial class JobGate(NpgsqlDataSource database, ILogger<JobGate> logger)
{
    internal async Task RunAsync(string name, Func<Task> job, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('backup-scheduler ' || $1, 0))", connection) { Parameters = { new() { Value = name } } };
        if (await take.ExecuteScalarAsync(cancel) is not true)
        {
            LogSkipped(logger, name);
            return;
        }
        try
        {
            await job();
        }
        finally
        {
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", connection);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Job} is still running elsewhere and was skipped.")]
    static partial void LogSkipped(ILogger logger, string job);
}
