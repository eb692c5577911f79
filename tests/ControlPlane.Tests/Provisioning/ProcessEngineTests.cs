using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Provisioner.Engines;
using Provisioner.Engines.Processes;

namespace ControlPlane.Tests.Provisioning;

public sealed class ProcessEngineTests : EngineContract
{
    readonly string root = Directory.CreateTempSubdirectory("faktory-engine-").FullName;
    readonly List<(ProcessEngine Engine, ProcessSupervisor Supervisor)> started = [];

    ProcessEngineOptions Options => field ??= new() { Root = root, LookEvery = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task Folders_are_the_owners_alone_and_the_instance_file_is_read_only()
    {
        await ProvisionAsync(NewSpec());

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var folder = new InstanceFolder(root, Id);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Append(folder.Path))
            (File.GetUnixFileMode(path) & others).ShouldBe(UnixFileMode.None, path);
        File.GetUnixFileMode(folder.InstanceFile).ShouldBe(UnixFileMode.UserRead);
    }

    [Fact]
    public async Task Server_gets_nothing_of_our_environment_and_a_session_of_its_own()
    {
        Environment.SetEnvironmentVariable("CONNECTIONSTRINGS__SECRET", "must-not-leak");
        await ProvisionAsync(NewSpec());

        var pid = Running().Pid;
        var environment = await File.ReadAllTextAsync($"/proc/{pid}/environ");
        environment.ShouldNotContain("must-not-leak");
        // 0.6 of 128 MiB.
        environment.ShouldContain("DOTNET_GCHeapHardLimit=0x4ccccc");
        var session = (await File.ReadAllTextAsync($"/proc/{pid}/stat")).Split(") ")[1].Split(' ')[3];
        session.ShouldBe(pid.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Process_that_only_has_the_same_number_is_neither_trusted_nor_killed()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
        using var stranger = Process.Start("/bin/sleep", "600");
        try
        {
            // As after a long time: the number in the pid file belongs to somebody else now.
            var stat = await File.ReadAllTextAsync($"/proc/{stranger.Id}/stat");
            var fields = stat.Split(' ');
            fields[21] = "1";
            var folder = new InstanceFolder(root, Id);
            await File.WriteAllTextAsync(folder.PidFile, $"{ServerProcess.CurrentBoot}\n{string.Join(' ', fields)}");

            (await Engine.ObserveAsync(Id, default)).Running.ShouldBeFalse();
            await Engine.EnsureStoppedAsync(Id, TimeSpan.FromSeconds(5), default);
            stranger.HasExited.ShouldBeFalse();
            await Engine.EnsureStartedAsync(spec, default);
            await UntilServedAsync(spec);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task Two_provisioners_that_start_the_same_instance_run_it_once()
    {
        var spec = NewSpec();
        await Engine.EnsureStorageAsync(spec, default);
        await Engine.EnsureInstanceFileAsync(spec, default);
        var launcher = new Launcher(ServerBinary.Executable, Options);
        var folder = new InstanceFolder(root, Id);

        // Past every look-first check: only the lock is left to refuse.
        var processes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => launcher.StartAsync(folder, Launch.Of(spec), default)));

        var refused = 0;
        foreach (var process in processes)
            if (process.Id != Running().Pid)
            {
                await process.WaitForExitAsync();
                process.ExitCode.ShouldBe(Launcher.ExitAlreadyRunning);
                refused++;
            }
        refused.ShouldBe(3);
        Launch.Of(spec).Write(folder);
        await UntilServedAsync(spec);
    }

    [Fact]
    public async Task More_memory_restarts_the_server_with_it()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await Engine.EnsureStartedAsync(spec with { MemoryBytes = 256L << 20 }, default);

        (await File.ReadAllTextAsync($"/proc/{Running().Pid}/environ")).ShouldContain("DOTNET_GCHeapHardLimit=0x9999999");
    }

    [Fact]
    public async Task Log_is_turned_over_at_its_limit()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        var folder = new InstanceFolder(root, Id);
        Options.LogBytesMax = 1000;
        await using (var log = new FileStream(folder.LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            await log.WriteAsync(new byte[1001]);

        await Wait.UntilAsync("the log is short again", () => new FileInfo(folder.LogFile).Length <= 1000);
        new FileInfo(folder.LogFile + ".1").Length.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Shutdown_ends_the_instances_and_the_next_start_brings_them_back()
    {
        var spec = NewSpec();
        await ProvisionAsync(spec);
        await UntilServedAsync(spec);
        Options.StopInstancesOnShutdown = true;

        await started[0].Supervisor.StopAsync(default);
        (await Engine.ObserveAsync(Id, default)).Running.ShouldBeFalse();

        Engine.ShouldNotBeSameAs(await StartEngineAsync());
        await UntilServedAsync(spec);
    }

    [Fact]
    public void Server_that_dies_young_is_restarted_ever_more_slowly()
    {
        var options = new ProcessEngineOptions();
        using var run = new Run();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        run.MayRestart(now).ShouldBeTrue();
        List<double> pauses = [];
        for (var death = 0; death < 10; death++)
        {
            run.Restarting(options);
            var from = now;
            while (!run.MayRestart(now))
                now += TimeSpan.FromMilliseconds(100);
            pauses.Add((now - from).TotalSeconds);
        }
        pauses.ShouldBe([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30]);

        run.Stable();
        run.MayRestart(now).ShouldBeTrue();
    }

    private protected override async Task<IInstanceEngine> StartEngineAsync()
    {
        // The one before lets go first, as its process would by ending.
        foreach (var before in started)
            await before.Supervisor.StopAsync(default);
        var engine = new ProcessEngine(new Launcher(ServerBinary.Executable, Options), Options, TimeProvider.System, NullLogger<ProcessEngine>.Instance);
        var supervisor = new ProcessSupervisor(engine, Options, TimeProvider.System, NullLogger<ProcessSupervisor>.Instance);
        await supervisor.StartAsync(default);
        started.Add((engine, supervisor));
        return engine;
    }

    private protected override Task KillServerAsync()
    {
        Running().Kill();
        return Task.CompletedTask;
    }

    private protected override async Task CleanAsync()
    {
        await base.CleanAsync();
        foreach (var (engine, supervisor) in started)
        {
            await supervisor.StopAsync(default);
            supervisor.Dispose();
            engine.Dispose();
        }
        Directory.Delete(root, recursive: true);
    }

    ServerProcess Running() => ServerProcess.FromPidFile(new InstanceFolder(root, Id).PidFile).ShouldNotBeNull();
}
