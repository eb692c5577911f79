using System.Security.Cryptography;
using BackupScheduler;
using BackupScheduler.Archives;
using BackupScheduler.Drills;
using BackupScheduler.Instances;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Backups;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using ControlPlane.Tests.Provisioning;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.Backups;

/// <summary>The BackupScheduler's services on a database of the test's own, as its own role, with a folder store. Nothing runs by itself.</summary>
sealed class BackupTest : IAsyncDisposable
{
    readonly TestDatabase database;
    readonly ServiceProvider services;
    readonly ControlPlaneScope owner;

    BackupTest(TestDatabase database, string folder, TimeProvider clock, Dictionary<string, string?> settings)
    {
        (this.database, Folder, Clock) = (database, folder, clock);
        var certificate = Path.Combine(folder, "keyring.p12");
        KeyRing.EnsureCertificate(certificate, clock);
        Settings = new(settings)
        {
            ["ConnectionStrings:ControlPlane"] = database.Backup,
            [KeyRing.CertificateSetting] = certificate,
            ["BackupScheduler:RunSchedules"] = settings.GetValueOrDefault("BackupScheduler:RunSchedules") ?? "false",
            ["BackupScheduler:Folder"] = StoreFolder,
            ["BackupScheduler:DataFolder"] = Path.Combine(folder, "work"),
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
        services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddBackupScheduler(configuration, clock, new Random(7))
            .BuildServiceProvider();
        owner = new ControlPlaneScope(database.Owner, clock);
    }

    public string Folder { get; }
    public string StoreFolder => Path.Combine(Folder, "store");
    public TimeProvider Clock { get; }
    public IServiceProvider Services => services;
    public OrganizationId Organization { get; private set; }

    /// <summary>Configuration of a whole BackupScheduler beside this one.</summary>
    public Dictionary<string, string?> Settings { get; }

    public static async Task<BackupTest> StartAsync(PostgresFixture postgres, TimeProvider clock, Dictionary<string, string?>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("backup-test-").FullName;
        var test = new BackupTest(await postgres.CreateDatabaseAsync(), folder, clock, settings ?? []);
        test.Organization = await test.owner.AddOrganizationAsync();
        return test;
    }

    /// <summary>Sees every organization, as the BackupScheduler does.</summary>
    public FleetScope Fleet() => services.GetRequiredService<IServiceScopeFactory>().CreateFleetScope();

    public TJob Job<TJob>() where TJob : notnull => services.GetRequiredService<TJob>();

    /// <summary>A server of the kind that instances are, which serves.</summary>
    public async Task<ThrowAwayServer> StartServerAsync(string name)
    {
        var server = await ThrowAwayServer.StartAsync(ServerBinary.Executable, Path.Combine(Folder, name), default);
        var admin = services.GetRequiredService<AdminPorts>().At(server.AdminAddress, server.AdminToken);
        await Wait.UntilAsync("the server serves", () => admin.IsReadyAsync(default));
        return server;
    }

    /// <summary>A running instance on the plan that allows a backup each 5 minutes.</summary>
    public async Task<Instance> AddInstanceAsync(string name = "jobs", string adminAddress = "http://127.0.0.1:1", string adminToken = "token")
    {
        var id = InstanceId.New(Clock);
        var sealer = services.GetRequiredService<SecretSealer>();
        var instance = new Instance
        {
            Id = id,
            OrganizationId = Organization,
            Name = name,
            PlanKey = "business",
            Region = "local",
            CreatedAt = Clock.GetUtcNow(),
            SealedPassword = sealer.Seal(Organization, SecretPurposes.InstancePassword, id.ToString(), "password"),
            SealedAdminToken = sealer.Seal(Organization, SecretPurposes.InstanceAdminToken, id.ToString(), adminToken),
            AdminAddress = adminAddress,
        };
        instance.MarkRunning();
        await SaveAsync(db => db.Instances.Add(instance));
        await RefreshAsync(instance.Id);
        return instance;
    }

    public Task AddPolicyAsync(Instance instance, int everyMinutes, int keep = 3, DateTimeOffset? lastSucceededAt = null) => SaveAsync(db => db.BackupPolicies.Add(new BackupPolicy
    {
        InstanceId = instance.Id,
        OrganizationId = Organization,
        Enabled = true,
        Schedule = BackupSchedule.Minutes,
        EveryMinutes = everyMinutes,
        Keep = keep,
        LastSucceededAt = lastSucceededAt,
    }));

    /// <summary>Changes rows that belong to other processes, as the owner of the database.</summary>
    public async Task SaveAsync(Action<ControlPlaneDb> change)
    {
        await using var fleet = owner.Fleet();
        change(fleet.Db);
        await fleet.Db.SaveChangesAsync();
    }

    public async Task ChangeAsync(Instance instance, Action<Instance> change)
    {
        await SaveAsync(db => change(db.Instances.Single(i => i.Id == instance.Id)));
        await RefreshAsync(instance.Id);
    }

    async Task RefreshAsync(InstanceId id)
    {
        await using var fleet = owner.Fleet();
        await fleet.Db.RefreshEntitlementsAsync(await fleet.Db.Instances.SingleAsync(i => i.Id == id), Clock, default);
        await fleet.Db.SaveChangesAsync();
    }

    public async Task<BackupPolicy> PolicyAsync(Instance instance)
    {
        await using var fleet = Fleet();
        return await fleet.Db.BackupPolicies.AsNoTracking().SingleAsync(p => p.InstanceId == instance.Id);
    }

    public async Task<List<Backup>> BackupsAsync(Instance instance)
    {
        await using var fleet = Fleet();
        return await fleet.Db.Backups.AsNoTracking().Where(b => b.InstanceId == instance.Id).OrderBy(b => b.CreatedAt).ToListAsync();
    }

    /// <summary>A complete backup with real objects in the store, as if it had been taken <paramref name="age"/> ago.</summary>
    public async Task<Backup> AddBackupAsync(Instance instance, TimeSpan age, BackupTrigger trigger = BackupTrigger.Policy)
    {
        var createdAt = Clock.GetUtcNow() - age;
        var backup = new Backup
        {
            Id = BackupId.New(Clock),
            OrganizationId = Organization,
            InstanceId = instance.Id,
            Trigger = trigger,
            CreatedAt = createdAt,
            State = BackupState.Succeeded,
            FinishedAt = createdAt,
            VerifiedAt = createdAt,
        };
        var archives = services.GetRequiredService<BackupArchives>();
        backup.SealedKey = archives.CreateKey(backup);
        var archive = archives.Open(backup);
        var files = new List<ManifestFile>();
        foreach (var (name, content) in new[] { ("CURRENT", "MANIFEST-000005\n"u8.ToArray()), ("000012.sst", RandomNumberGenerator.GetBytes(100_000)) })
        {
            var file = new CheckpointFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
            await archive.PutFileAsync(file, new MemoryStream(content), default);
            files.Add(archive.Describe(file));
        }
        var keys = BackupArchives.KeysOf(backup);
        backup.ManifestSha256 = await archive.PutManifestAsync(
            new(BackupManifest.CurrentFormat, keys.OrganizationId, keys.InstanceId, keys.BackupId, "0.1.0", createdAt, 7, new(1, 0, 0, 0, 0), backup.SealedKey, files), default);
        backup.ManifestKey = keys.Manifest;
        await SaveAsync(db => db.Backups.Add(backup));
        return backup;
    }

    /// <summary>The files that the store holds of a backup.</summary>
    public string[] ObjectsOf(Backup backup)
    {
        var folder = Path.Combine(StoreFolder, BackupArchives.KeysOf(backup).Prefix);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
    }

    public async Task<Backup> ReadAsync(Backup backup)
    {
        await using var fleet = Fleet();
        return await fleet.Db.Backups.AsNoTracking().SingleAsync(b => b.Id == backup.Id);
    }

    /// <summary>The alerts that are open now.</summary>
    public async Task<List<Alert>> AlertsAsync()
    {
        await using var fleet = Fleet();
        return await fleet.Db.Alerts.AsNoTracking().Where(a => a.ResolvedAt == null).ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await owner.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
