using ControlPlane.Core.Data;
using Hangfire;
using Hangfire.PostgreSql;

namespace BackupScheduler.Jobs;

/// <summary>
/// Hangfire in a schema of its own, as this process's role. Its dashboard is not mapped: it would let whoever reaches it start and delete jobs.
/// </summary>
static class HangfireSetup
{
    internal const string Schema = "hangfire";

    internal static IServiceCollection AddJobs(this IServiceCollection services) => services
        .AddSingleton<JobGate>().AddSingleton<DamageReports>().AddTransient<Schedules>()
        .AddTransient<FileDueBackups>().AddTransient<AlertOverdueBackups>().AddTransient<ApplyRetention>().AddTransient<RemoveLeftovers>()
        .AddTransient<VerifyBackups>().AddTransient<DrillBackups>().AddTransient<TakeInventory>();

    internal static IServiceCollection AddSchedules(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString(DatabaseSetup.ConnectionStringName)
            ?? throw new InvalidOperationException($"Set ConnectionStrings:{DatabaseSetup.ConnectionStringName}.");
        services.AddHangfire(hangfire => hangfire
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UsePostgreSqlStorage(
                storage => storage.UseNpgsqlConnection(connectionString),
                new PostgreSqlStorageOptions
                {
                    SchemaName = Schema,
                    QueuePollInterval = TimeSpan.FromSeconds(5),
                    // A verification of everything takes long, and another process that began it again would find the gate closed.
                    InvisibilityTimeout = TimeSpan.FromHours(12),
                }));
        services.AddHangfireServer(server => (server.WorkerCount, server.ServerName) = (4, "backup-scheduler"));
        services.AddHostedService<RegisterSchedules>();
        return services;
    }

    /// <summary>Makes the schedules that this version knows the ones that run.</summary>
    sealed class RegisterSchedules(IRecurringJobManager jobs) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Schedules.Register(jobs);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
