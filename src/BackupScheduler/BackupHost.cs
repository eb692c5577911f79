using System.Security.Cryptography;
using BackupScheduler.Archives;
using BackupScheduler.Drills;
using BackupScheduler.Exports;
using BackupScheduler.Instances;
using BackupScheduler.Jobs;
using BackupScheduler.Stores;
using BackupScheduler.Workflows;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Inbox;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Billing.Stripe.Reconciliation;
using ControlPlane.Core.Billing.Stripe.Transfers;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger.Rounds;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Secrets;
using Microsoft.Extensions.Options;

namespace BackupScheduler;

/// <summary>Builds the BackupScheduler, for its own executable and for the process that hosts all of them.</summary>
public static class BackupHost
{
    /// <param name="args">Command-line configuration, for example <c>--urls=http://127.0.0.1:8080</c>.</param>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddBackupScheduler(builder.Configuration, TimeProvider.System, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        var app = builder.Build();
        app.MapGet("/healthz", () => Results.Ok(new { status = "ok" }));
        app.MapGet("/readyz", AnswerReadyAsync);
        return app;
    }

    internal static IServiceCollection AddBackupScheduler(this IServiceCollection services, IConfiguration configuration, TimeProvider clock, Random random)
    {
        var section = configuration.GetSection(BackupSchedulerOptions.Section);
        services.AddSingleton(clock);
        services.Configure<BackupSchedulerOptions>(section);
        services.AddControlPlaneDatabase(configuration);
        services.AddKeyRing(configuration);
        services.AddSingleton<IObjectStore>(provider => OpenStore(provider.GetRequiredService<IOptions<BackupSchedulerOptions>>().Value, clock));
        services.AddSingleton<BackupArchives>().AddSingleton<AdminPorts>().AddSingleton<RestoreDrill>().AddSingleton<ExportBackup>();
        services.AddOperationRunner(configuration, random).AddWorkflow<CreateBackup>().AddWorkflow<RestoreBackup>();
        services.AddBillingRounds(configuration);
        services.AddLedgerRounds(configuration);
        services.AddJobs();
        var runsSchedules = section.Get<BackupSchedulerOptions>()?.RunSchedules ?? true;
        if (runsSchedules)
            services.AddSchedules(configuration);
        services.AddStripeTransfers(configuration);
        services.AddReconciling().AddStripeReconciliation(configuration);
        services.AddInboxWorker(configuration, runs: runsSchedules && configuration["Billing:Stripe:Key"] is { Length: > 0 });
        return services;
    }

    static IObjectStore OpenStore(BackupSchedulerOptions options, TimeProvider clock) => options.Store switch
    {
        "folder" => new FolderStore(options.Folder),
        "s3" => new S3Store(options.S3, clock),
        _ => throw new InvalidOperationException($"BackupScheduler:Store is '{options.Store}'; it can be folder or s3."),
    };

    static async Task<IResult> AnswerReadyAsync(IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var fleet = scopes.CreateFleetScope();
        return await fleet.Db.Database.CanConnectAsync(cancel)
            ? Results.Ok(new { status = "ok" })
            : Results.Json(new { status = "database_unavailable" }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
