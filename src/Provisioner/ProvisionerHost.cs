using System.Net;
using System.Security.Cryptography;
using ControlPlane.Core.Data;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers.Webhooks;
using ControlPlane.Core.Secrets;
using Microsoft.Extensions.Options;
using Npgsql;
using Provisioner.Admin;
using Provisioner.Brands;
using Provisioner.Engines;
using Provisioner.Engines.Containers;
using Provisioner.Engines.Processes;
using Provisioner.Handlers;
using Provisioner.Health;
using Provisioner.Mails;
using Provisioner.Platforms;
using Provisioner.Webhooks;

namespace Provisioner;

/// <summary>Builds the Provisioner, for its own executable and for the process that hosts all of them.</summary>
public static class ProvisionerHost
{
    /// <param name="args">
    /// Command-line configuration, for example <c>--urls=http://127.0.0.1:8080 --ConnectionStrings:ControlPlane=…
    /// --KeyRing:Certificate=… --Provisioner:Engine=process --Provisioner:Process:Root=…</c>.
    /// </param>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddControlPlaneDatabase(builder.Configuration);
        services.AddKeyRing(builder.Configuration);
        services.Configure<ProvisionerOptions>(builder.Configuration.GetSection("Provisioner"));
        // The supervisor before the runner: services stop in the opposite order, and no step may start what was just stopped.
        services.AddEngines(builder.Configuration);
        services.AddHandlers(builder.Configuration);
        services.AddPlatforms(builder.Configuration);
        services.AddMails(builder.Configuration);
        services.AddHostedService<InstanceSweep>();
        services.AddHostedService<InstanceSampler>();

        var app = builder.Build();
        app.MapGet("/healthz", () => Results.Json(new { status = "ok" }));
        app.MapGet("/readyz", IsReadyAsync);
        return app;
    }

    static void AddEngines(this IServiceCollection services, ConfigurationManager configuration)
    {
        var options = configuration.GetSection("Provisioner").Get<ProvisionerOptions>() ?? new();
        services.AddSingleton(configuration.GetSection("Provisioner:Process").Get<ProcessEngineOptions>() ?? new());
        services.AddSingleton(configuration.GetSection("Provisioner:Docker").Get<DockerEngineOptions>() ?? new());
        services.AddSingleton(provider => new Launcher(options.ResolvedServerExecutable, provider.GetRequiredService<ProcessEngineOptions>()));
        services.AddSingleton<ProcessEngine>();
        services.AddHostedService<ProcessSupervisor>();
        services.AddSingleton(provider => DockerCalls.To(provider.GetRequiredService<DockerEngineOptions>()));
        services.AddSingleton<DockerImage>();
        services.AddSingleton<DockerEngine>();
        services.AddHostedService<ContainersWithHost>();
        services.AddSingleton(provider => new EngineSet(
            [provider.GetRequiredService<ProcessEngine>(), provider.GetRequiredService<DockerEngine>()],
            options.Engine, provider.GetRequiredService<ILogger<EngineSet>>()));
    }

    static void AddHandlers(this IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton(_ => new InstanceAdmin(InstanceAdmin.NewClient()));
        services.AddSingleton<InstanceFile>();
        services.AddSingleton(new OwnBrand((configuration.GetSection("Provisioner:Brand").Get<OwnBrandOptions>() ?? new()).Load()));
        services.AddSingleton<BrandSweep>();
        services.AddSingleton<CrashPoints>();
        services.AddSingleton<PortLeasing>();
        services.AddSingleton<BringUp>();
        services.AddSingleton<TakeDown>();
        services.AddOperationRunner(configuration, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)))
            .AddWorkflow<ProvisionInstance>()
            .AddWorkflow<DeleteInstance>()
            .AddWorkflow<UndeleteInstance>()
            .AddWorkflow<PurgeInstance>()
            .AddWorkflow<RestartInstance>()
            .AddWorkflow<RotatePassword>()
            .AddWorkflow<SetRules>()
            .AddWorkflow<SuspendInstance>()
            .AddWorkflow<ResumeInstance>()
            .AddWorkflow<ChangePlan>()
            .AddWorkflow<ReconcileInstance>()
            .AddWorkflow<TellPlatform>()
            .AddWorkflow<CallPlatform>()
            .AddWorkflow<NotifyReseller>()
            .AddWorkflow<DeliverWebhook>();
        services.Configure<WebhookOptions>(configuration.GetSection("Webhooks"));
        services.AddSingleton(provider => new WebhookSender(provider.GetRequiredService<IOptions<WebhookOptions>>(), Dns.GetHostAddressesAsync));
    }

    static async Task<IResult> IsReadyAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancel);
            return Results.Json(new { status = "ok" });
        }
        catch (NpgsqlException)
        {
            return Results.Json(new { status = "database_away" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
