using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ControlPlane.Core.Data;

/// <summary>Registration of the database for a process, and the migrations that its owner runs.</summary>
public static class DatabaseSetup
{
    /// <summary>Each process connects as its own role: <c>ConnectionStrings:ControlPlane</c>.</summary>
    public const string ConnectionStringName = "ControlPlane";

    public static IServiceCollection AddControlPlaneDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString(ConnectionStringName)
            ?? throw new InvalidOperationException($"Set ConnectionStrings:{ConnectionStringName} to the PostgreSQL database of the control plane.");
        services.AddSingleton(_ => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20 }));
        services.AddScoped<DbScope>();
        services.Configure<IdentityOptions>(StorePasskeys);
        services.AddDbContext<ControlPlaneDb>((provider, options) => options
            // A connection rather than the source: EF keeps a model and compiled queries apart for each source, and makes them anew.
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>().CreateConnection(), contextOwnsConnection: true)
            .UseSnakeCaseNamingConvention()
            .AddInterceptors(new ScopeInterceptor(provider.GetRequiredService<DbScope>()))
            .ConfigureWarnings(LeaveFailuresToTheEdge));
        return services;
    }

    /// <summary>Brings the schema up to date, as the role that owns it. Safe to run again, and with the previous version of the processes still running.</summary>
    public static async Task MigrateAsync(string ownerConnectionString, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().Configure<IdentityOptions>(StorePasskeys).BuildServiceProvider();
        await using var db = new ControlPlaneDb(Options(ownerConnectionString, services), new DbScope());
        await db.Database.MigrateAsync(cancel);
    }

    /// <summary>Options without a container of ours; <paramref name="services"/> tells Identity which schema to model.</summary>
    internal static DbContextOptions<ControlPlaneDb> Options(string connectionString, IServiceProvider services) =>
        new DbContextOptionsBuilder<ControlPlaneDb>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention().UseApplicationServiceProvider(services).Options;

    // Each of these is also thrown, and logged once where it is caught: a step tries again, a request answers with a trace id.
    static void LeaveFailuresToTheEdge(WarningsConfigurationBuilder warnings) => warnings.Log(
        (RelationalEventId.CommandError, LogLevel.Debug),
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (RelationalEventId.TransactionError, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug),
        (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug));

    // Identity finds its schema version here and nowhere else; version 3 also stores passkeys.
    internal static void StorePasskeys(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
}
