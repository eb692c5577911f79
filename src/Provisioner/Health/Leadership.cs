using Npgsql;

namespace Provisioner.Health;

/// <summary>One Provisioner of several does a round of work. The lock belongs to a connection: whoever dies, lets go.</summary>
sealed class Leadership : IAsyncDisposable
{
    public const long Sweep = 0x6661_6b74_0001, Samples = 0x6661_6b74_0002, Mails = 0x6661_6b74_0003;

    readonly NpgsqlConnection connection;

    Leadership(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Null when another one is at it.</summary>
    public static async Task<Leadership?> TryTakeAsync(NpgsqlDataSource database, long round, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = round } } };
            if (await command.ExecuteScalarAsync(cancel) is true)
                return new Leadership(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    // The pool resets a connection that returns, and the lock with it.
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
