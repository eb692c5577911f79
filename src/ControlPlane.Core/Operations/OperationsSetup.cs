using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Core.Operations;

public static class OperationsSetup
{
    /// <summary>For a process that waits for operations to finish and runs none.</summary>
    public static IServiceCollection AddOperationWaiting(this IServiceCollection services)
    {
        services.AddSingleton<OperationSignal>();
        services.AddSingleton<OperationCompletions>();
        services.AddHostedService<OperationListener>();
        return services;
    }

    /// <summary>For a process that runs workflows: register each with <see cref="AddWorkflow"/>.</summary>
    public static IServiceCollection AddOperationRunner(this IServiceCollection services, IConfiguration configuration, Random random)
    {
        services.Configure<OperationRunnerOptions>(configuration.GetSection("Operations"));
        services.AddOperationWaiting();
        services.AddSingleton(random);
        services.AddHostedService<OperationRunner>();
        return services;
    }

    public static IServiceCollection AddWorkflow<TWorkflow>(this IServiceCollection services) where TWorkflow : Workflow =>
        services.AddScoped<Workflow, TWorkflow>();
}
