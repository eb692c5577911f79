using ControlPlane.Core.Data;
using ControlPlane.Host.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Bench;

/// <summary>A private PostgreSQL that keeps its promises, with the schema, and the database as the process fc_backup sees it. Goes with its folder.</summary>
sealed class BenchLedger : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly PrivatePostgres postgres;
    readonly ServiceProvider services;

    BenchLedger(DirectoryInfo folder, PrivatePostgres postgres, ControlPlaneDatabase database, TimeProvider clock)
    {
        (this.folder, this.postgres, Owner) = (folder, postgres, database.Owner);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:ControlPlane"] = database.Backup }).Build();
        var collection = new ServiceCollection().AddSingleton(clock).AddLogging().AddControlPlaneDatabase(configuration);
        InboxBenchmark.AddServices(collection);
        services = collection.BuildServiceProvider();
    }

    internal IServiceProvider Services => services;
    internal string Owner { get; }

    internal static async Task<BenchLedger> StartAsync(TimeProvider clock, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("faktory-bench-");
        // PostgreSQL runs as its own user and must get to its folder.
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(folder.FullName), NullLogger.Instance, clock, cancel);
        var database = await ControlPlaneDatabase.EnsureAsync(postgres, "money", cancel);
        await DatabaseSetup.MigrateAsync(database.Owner, cancel);
        return new BenchLedger(folder, postgres, database, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        // Below a closed temporary folder the cluster lies elsewhere.
        if (new DirectoryInfo(Path.Combine(folder.FullName, "postgres")).LinkTarget is { } target && Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        folder.Delete(recursive: true);
    }
}
