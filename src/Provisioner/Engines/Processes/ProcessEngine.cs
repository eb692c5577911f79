using System.Collections.Concurrent;

namespace Provisioner.Engines.Processes;

/// <summary>
/// A child process per instance on loopback, in a session of its own: it outlives a Provisioner that is killed, and the next one
/// finds it by its pid file. For one machine; data, memory and files are separated by folders and limits, not by containers.
/// </summary>
sealed partial class ProcessEngine(Launcher launcher, ProcessEngineOptions options, TimeProvider clock, ILogger<ProcessEngine> log)
    : IInstanceEngine, IDisposable
{
    static readonly TimeSpan deathCheckEvery = TimeSpan.FromMilliseconds(10), killedWithin = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, Run> runs = new();

    public string Name => "process";

    public bool NeedsAdminPort => true;

    public Task<bool> AnswersAsync(CancellationToken cancel) => Task.FromResult(launcher.HasExecutable);

    public bool CanBind(int port) => LoopbackPort.IsFree(port);

    public Task EnsureStorageAsync(InstanceSpec spec, CancellationToken cancel)
    {
        Folder(spec.Id).Create();
        return Task.CompletedTask;
    }

    public Task EnsureInstanceFileAsync(InstanceSpec spec, CancellationToken cancel) => Alone(spec.Id, async _ =>
    {
        var folder = FolderWithStorage(spec.Id);
        var present = File.Exists(folder.InstanceFile) ? await File.ReadAllBytesAsync(folder.InstanceFile, cancel) : null;
        if (!spec.InstanceFile.Span.SequenceEqual(present))
            DurableFile.Write(folder.InstanceFile, spec.InstanceFile.Span, UnixFileMode.UserRead);
    }, cancel);

    public Task EnsureStartedAsync(InstanceSpec spec, CancellationToken cancel) => Alone(spec.Id, async run =>
    {
        var folder = FolderWithStorage(spec.Id);
        if (!File.Exists(folder.InstanceFile))
            throw new InvalidOperationException($"{spec.Id} has no instance file: it would run without a password");
        var launch = Launch.Of(spec);
        if (Living(folder) is { } running)
        {
            if (Launch.Read(folder) == launch)
                return;
            await EndAsync(running, options.StopGrace, cancel);
        }
        foreach (var port in (int[])[launch.Port, launch.AdminPort])
            if (!CanBind(port))
                throw new PortTakenException(port);
        Directory.CreateDirectory(folder.Run, InstanceFolder.OwnerOnly);
        launch.Write(folder);
        run.Forget();
        await StartAsync(folder, launch, run, cancel);
    }, cancel);

    public Task EnsureStoppedAsync(string instanceId, TimeSpan grace, CancellationToken cancel) => Alone(instanceId, async run =>
    {
        var folder = Folder(instanceId);
        if (!Directory.Exists(folder.Run))
            return;
        // First the wish, then the deed: in the other order the supervisor would bring it back in between.
        File.Delete(folder.LaunchFile);
        run.Forget();
        if (Living(folder) is { } running)
            await EndAsync(running, grace, cancel);
    }, cancel);

    public async Task EnsureRemovedAsync(string instanceId, CancellationToken cancel)
    {
        await EnsureStoppedAsync(instanceId, options.StopGrace, cancel);
        await Alone(instanceId, _ =>
        {
            if (Folder(instanceId) is var folder && Directory.Exists(folder.Run))
                Directory.Delete(folder.Run, recursive: true);
            return Task.CompletedTask;
        }, cancel);
    }

    public Task RemoveStorageAsync(string instanceId, CancellationToken cancel) => Alone(instanceId, _ =>
    {
        var folder = Folder(instanceId);
        if (Living(folder) is not null)
            throw new InvalidOperationException($"{instanceId} still runs");
        if (Directory.Exists(folder.Removed))
            Directory.Delete(folder.Removed, recursive: true);
        if (Directory.Exists(folder.Path))
        {
            Directory.Move(folder.Path, folder.Removed);
            Directory.Delete(folder.Removed, recursive: true);
        }
        return Task.CompletedTask;
    }, cancel);

    public Task<EngineObservation> ObserveAsync(string instanceId, CancellationToken cancel) => Task.FromResult(Observe(Folder(instanceId)));

    public Task<IReadOnlyList<EngineObservation>> ListAllAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<EngineObservation>>([.. InstanceFolder.All(options.Root).Select(Observe)]);

    public void Dispose()
    {
        foreach (var run in runs.Values)
            run.Dispose();
    }

    /// <summary>For the supervisor: starts what should run and does not, when its pause is over.</summary>
    internal Task ReviveAsync(InstanceFolder folder, CancellationToken cancel) => Alone(folder.Id, async run =>
    {
        if (Launch.Read(folder) is not { } launch)
            return;
        if (Living(folder) is { } running)
        {
            if (clock.GetUtcNow() - running.StartedAt >= options.StableFor)
                run.Stable();
            return;
        }
        if (!run.MayRestart(clock.GetUtcNow()))
            return;
        var exitCode = run.ExitCode;
        run.Restarting(options);
        if (!folder.HasStorage)
        {
            LogStorageMissing(folder.Id);
            return;
        }
        LogRestart(folder.Id, exitCode, run.Restarts);
        await StartAsync(folder, launch, run, cancel);
    }, cancel);

    /// <summary>For shutdown: ends the process and leaves the wish, so that the next start brings it back.</summary>
    internal Task PauseAsync(InstanceFolder folder, CancellationToken cancel) => Alone(folder.Id, async _ =>
    {
        if (Living(folder) is { } running)
            await EndAsync(running, options.StopGrace, cancel);
    }, cancel);

    static ServerProcess? Living(InstanceFolder folder) =>
        ServerProcess.FromPidFile(folder.PidFile) is { IsAlive: true } process ? process : null;

    async Task StartAsync(InstanceFolder folder, Launch launch, Run run, CancellationToken cancel)
    {
        run.Started(await launcher.StartAsync(folder, launch, cancel));
        if (run.ExitCode == Launcher.ExitAlreadyRunning && Living(folder) is null)
            throw new EngineUnavailableException($"another process holds the lock of {folder.Id}");
    }

    async Task EndAsync(ServerProcess process, TimeSpan grace, CancellationToken cancel)
    {
        process.Terminate();
        if (await EndsWithinAsync(process, grace, cancel))
            return;
        process.Kill();
        if (!await EndsWithinAsync(process, killedWithin, cancel))
            throw new EngineUnavailableException($"process {process.Pid} does not end");
    }

    async Task<bool> EndsWithinAsync(ServerProcess process, TimeSpan limit, CancellationToken cancel)
    {
        for (var from = clock.GetTimestamp(); process.IsAlive; await Task.Delay(deathCheckEvery, clock, cancel))
            if (clock.GetElapsedTime(from) >= limit)
                return false;
        return true;
    }

    EngineObservation Observe(InstanceFolder folder)
    {
        var launch = Launch.Read(folder);
        var process = Living(folder);
        var exists = Directory.Exists(folder.Run);
        var run = exists ? runs.GetValueOrDefault(folder.Id) : null;
        return new EngineObservation(folder.Id)
        {
            HasStorage = folder.HasStorage,
            Exists = exists,
            Running = process is not null,
            Port = launch?.Port,
            Admin = process is not null && launch is not null ? new Uri($"http://127.0.0.1:{launch.AdminPort}") : null,
            StartedAt = process?.StartedAt,
            ExitCode = process is null ? run?.ExitCode : null,
            Restarts = run?.Restarts ?? 0,
        };
    }

    async Task Alone(string instanceId, Func<Run, Task> verb, CancellationToken cancel)
    {
        var run = runs.GetOrAdd(InstanceSpec.CheckedId(instanceId), _ => new Run());
        await run.Gate.WaitAsync(cancel);
        try
        {
            await verb(run);
        }
        finally
        {
            run.Gate.Release();
        }
    }

    InstanceFolder Folder(string instanceId) => new(options.Root, instanceId);

    InstanceFolder FolderWithStorage(string instanceId) =>
        Folder(instanceId) is { HasStorage: true } folder ? folder : throw new StorageMissingException(instanceId);

    [LoggerMessage(LogLevel.Warning, "Instance {Instance} had ended (exit code {ExitCode}) and is started again, for the {Restarts}. time in a row.")]
    partial void LogRestart(string instance, int? exitCode, int restarts);

    [LoggerMessage(LogLevel.Error, "Instance {Instance} should run, but its storage is missing. It is not started on an empty one.")]
    partial void LogStorageMissing(string instance);
}
