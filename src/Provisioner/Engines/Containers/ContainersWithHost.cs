using Docker.DotNet;

namespace Provisioner.Engines.Containers;

/// <summary>
/// For a host that people start and stop by hand: its containers end with it and come back with it. Elsewhere the Docker Engine
/// looks after them and this does nothing.
/// </summary>
sealed partial class ContainersWithHost(DockerEngine engine, DockerEngineOptions options, ILogger<ContainersWithHost> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => TryAsync(engine.ResumeAllAsync, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => TryAsync(engine.PauseAllAsync, cancellationToken);

    async Task TryAsync(Func<CancellationToken, Task> all, CancellationToken cancel)
    {
        if (!options.StopInstancesOnShutdown)
            return;
        try
        {
            await all(cancel);
        }
        // No engine, no containers; and one that does not start (its port was taken) is for the sweep to bring back.
        catch (Exception fault) when (fault is EngineUnavailableException or DockerApiException)
        {
            LogNotAll(fault);
        }
    }

    [LoggerMessage(LogLevel.Information, "Not every container could be reached.")]
    partial void LogNotAll(Exception fault);
}
