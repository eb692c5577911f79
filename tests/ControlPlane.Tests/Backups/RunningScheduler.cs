using BackupScheduler;
using BackupScheduler.Drills;
using BackupScheduler.Instances;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Backups;

/// <summary>A whole BackupScheduler beside an instance that really runs, with an <see cref="AdminProxy"/> between them.</summary>
sealed class RunningScheduler : IAsyncDisposable
{
    WebApplication? app;

    RunningScheduler(BackupTest test, ThrowAwayServer server, AdminProxy proxy, Instance instance) =>
        (Test, Server, Proxy, Instance) = (test, server, proxy, instance);

    public BackupTest Test { get; }
    public ThrowAwayServer Server { get; }
    public AdminProxy Proxy { get; }
    public Instance Instance { get; }

    /// <summary>The running BackupScheduler's own services and address.</summary>
    public IServiceProvider Services => app!.Services;
    public Uri Address => new(app!.Urls.Single());

    /// <summary>The instance's admin port, without the proxy.</summary>
    public AdminPort Admin => Test.Job<AdminPorts>().At(Server.AdminAddress, Server.AdminToken);

    public static async Task<RunningScheduler> StartAsync(PostgresFixture postgres, Dictionary<string, string?>? settings = null, bool start = true)
    {
        var test = await BackupTest.StartAsync(postgres, TimeProvider.System, new(settings ?? [])
        {
            ["Operations:BackoffMax"] = "00:00:00.1",
            ["Operations:PollEvery"] = "00:00:00.1",
            ["Operations:LeaseFor"] = "00:00:02",
            ["BackupScheduler:TriesMax"] = settings?.GetValueOrDefault("BackupScheduler:TriesMax") ?? "4",
            ["BackupScheduler:ServerExecutable"] = ServerBinary.Executable,
        });
        var server = await test.StartServerAsync("instance");
        var proxy = await AdminProxy.StartAsync(server.AdminAddress);
        var instance = await test.AddInstanceAsync(adminAddress: proxy.Address, adminToken: server.AdminToken);
        var running = new RunningScheduler(test, server, proxy, instance);
        if (start)
            await running.StartSchedulerAsync();
        return running;
    }

    /// <summary>The command line of a BackupScheduler on the test's database.</summary>
    public IEnumerable<string> SchedulerArguments => [.. Test.Settings.Select(s => $"--{s.Key}={s.Value}"), "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"];

    public async Task StartSchedulerAsync()
    {
        app = BackupHost.Create([.. SchedulerArguments]);
        await app.StartAsync();
    }

    public async Task StopSchedulerAsync()
    {
        if (app is null)
            return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    public async Task<Backup> FileBackupAsync(BackupTrigger trigger = BackupTrigger.Manual)
    {
        Backup? backup = null;
        await Test.SaveAsync(db => backup = db.FileBackup(Instance, trigger, TimeProvider.System).Backup);
        return backup!;
    }

    /// <summary>Takes a backup and waits until it is there.</summary>
    public async Task<Backup> BackUpAsync()
    {
        var backup = await FileBackupAsync();
        await FinishAsync(backup.Id.ToString());
        var finished = await Test.ReadAsync(backup);
        finished.State.ShouldBe(BackupState.Succeeded, finished.Error);
        return finished;
    }

    public async Task<Operation> RestoreAsync(Backup backup, Instance? target = null)
    {
        target ??= Instance;
        await Test.SaveAsync(db => db.FileRestore(backup, target, target == Instance ? RestoreInto.InPlace : RestoreInto.New, TimeProvider.System));
        return await FinishAsync(target.Id.ToString());
    }

    /// <summary>The newest operation on a subject, once it has finished.</summary>
    public async Task<Operation> FinishAsync(string subject)
    {
        Operation? operation = null;
        await Wait.UntilAsync($"the operation on {subject} has finished", async () =>
        {
            await using var fleet = Test.Fleet();
            operation = await fleet.Db.Operations.AsNoTracking().Where(o => o.Subject == subject).OrderByDescending(o => o.Id).FirstAsync();
            return operation.IsFinished;
        });
        return operation!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopSchedulerAsync();
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
        await Test.DisposeAsync();
    }
}
