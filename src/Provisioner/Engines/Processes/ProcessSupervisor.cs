namespace Provisioner.Engines.Processes;

/// <summary>
/// What restart policies are to containers: looks every half second whether each process that should run does, starts it again
/// if not, and turns logs over. One supervisor per root folder: a second Provisioner on the same folder waits for the first to end.
/// </summary>
sealed partial class ProcessSupervisor(ProcessEngine engine, ProcessEngineOptions options, TimeProvider clock, ILogger<ProcessSupervisor> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(options.Root, InstanceFolder.OwnerOnly);
        using var timer = new PeriodicTimer(options.LookEvery, clock);
        using var supervision = await OnlyOneAsync(timer, stoppingToken);
        do
            foreach (var folder in InstanceFolder.All(options.Root))
                await LookAfterAsync(folder, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!options.StopInstancesOnShutdown)
            return;
        await Task.WhenAll(InstanceFolder.All(options.Root).Select(folder => engine.PauseAsync(folder, cancellationToken)));
    }

    async Task LookAfterAsync(InstanceFolder folder, CancellationToken cancel)
    {
        try
        {
            await engine.ReviveAsync(folder, cancel);
            BoundedLog.TurnOver(folder.LogFile, options.LogBytesMax);
        }
        // One instance's trouble (a full disk, a folder that is just being removed) must not stop looking after the others.
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or EngineUnavailableException or ArgumentException)
        {
            LogTrouble(fault, folder.Id);
        }
    }

    // The lock ends with the process that holds it, however it ends.
    async Task<FileStream> OnlyOneAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        for (var waits = false; ; waits = true)
        {
            try
            {
                return new FileStream(Path.Combine(options.Root, ".supervisor"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                if (!waits)
                    LogWaits(options.Root);
                await timer.WaitForNextTickAsync(cancel);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Looking after instance {Instance} failed; it is tried again.")]
    partial void LogTrouble(Exception fault, string instance);

    [LoggerMessage(LogLevel.Information, "Another Provisioner looks after the instances in {Root}.")]
    partial void LogWaits(string root);
}
