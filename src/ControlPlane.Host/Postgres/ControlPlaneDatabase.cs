using Npgsql;

namespace ControlPlane.Host.Postgres;

/// <summary>The control plane's database within the private PostgreSQL, and the role that each process connects as.</summary>
sealed record ControlPlaneDatabase(PrivatePostgres Postgres, string Name)
{
    internal const string DefaultName = "faktory_cloud";

    /// <summary>Owns the schema; used for migrations and for nothing else.</summary>
    internal string Owner => Postgres.ConnectionString("fc_owner", Name, poolSizeMax: 5);
    internal string Api => Postgres.ConnectionString("fc_api", Name);
    internal string Web => Postgres.ConnectionString("fc_web", Name);
    internal string Provisioner => Postgres.ConnectionString("fc_provisioner", Name);
    internal string Backup => Postgres.ConnectionString("fc_backup", Name);

    /// <summary>Makes sure that the roles and the database exist.</summary>
    internal static async Task<ControlPlaneDatabase> EnsureAsync(PrivatePostgres postgres, string name, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, await RolesAsync(cancel), cancel);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await exists.ExecuteScalarAsync(cancel) is null)
            await ExecuteAsync(connection, $"""CREATE DATABASE "{name}" OWNER fc_owner""", cancel);
        return new ControlPlaneDatabase(postgres, name);
    }

    /// <summary>A copy of this database, which nobody may be connected to. Its settings come along.</summary>
    internal async Task<ControlPlaneDatabase> CopyAsync(string name, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, $"""CREATE DATABASE "{name}" OWNER fc_owner TEMPLATE "{Name}" """, cancel);
        // A grant on the database itself is not copied; Hangfire makes its own schema.
        await ExecuteAsync(connection, $"""GRANT CREATE ON DATABASE "{name}" TO fc_backup""", cancel);
        return this with { Name = name };
    }

    /// <summary>Drops the database, whoever is connected to it.</summary>
    internal async Task DropAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, $"""DROP DATABASE IF EXISTS "{Name}" WITH (FORCE)""", cancel);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>infra/postgres/roles.sql, the same file that a PostgreSQL of one's own is prepared with.</summary>
    static async Task<string> RolesAsync(CancellationToken cancel)
    {
        await using var file = typeof(ControlPlaneDatabase).Assembly.GetManifestResourceStream("roles.sql")
            ?? throw new InvalidOperationException("roles.sql is not embedded in the assembly");
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancel);
    }
}
