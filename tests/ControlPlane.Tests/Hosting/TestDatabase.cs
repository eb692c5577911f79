using ControlPlane.Host.Postgres;
using Npgsql;

namespace ControlPlane.Tests.Hosting;

/// <summary>A migrated database of one test's own, with the connection string of each role. Disposing drops it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly ControlPlaneDatabase database;

    internal TestDatabase(ControlPlaneDatabase database) => this.database = database;

    /// <summary>Owner of the schema: for looking behind the scenes, as no process does.</summary>
    public string Owner => database.Owner;
    public string Api => database.Api;
    public string Web => database.Web;
    public string Provisioner => database.Provisioner;
    public string Backup => database.Backup;

    public async ValueTask DisposeAsync()
    {
        foreach (var connectionString in (string[])[Owner, Api, Web, Provisioner, Backup])
        {
            await using var connection = new NpgsqlConnection(connectionString);
            NpgsqlConnection.ClearPool(connection);
        }
        await database.DropAsync(CancellationToken.None);
    }
}
