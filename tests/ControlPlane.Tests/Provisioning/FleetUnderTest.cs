using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Plans;
using ControlPlane.Core.Secrets;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Faktory.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Provisioner;

namespace ControlPlane.Tests.Provisioning;

/// <summary>
/// A control plane with one customer, on a database and an engine of the test's own. It asks for things as the Api does, through the
/// role of the Api; Provisioners are real, in this process (<see cref="StartProvisionerAsync"/>) or in one of their own.
/// </summary>
sealed class FleetUnderTest : IAsyncDisposable
{
    const string AdminToken = "test-admin-token";

    readonly TestDatabase database;
    readonly ControlPlaneScope api;
    readonly string certificate;
    WebApplication? provisioner;

    FleetUnderTest(TestDatabase database, TestEngine engine, OrganizationId organization, ControlPlaneScope api, string certificate)
    {
        (this.database, Engine, Organization, this.api, this.certificate) = (database, engine, organization, api, certificate);
        Arguments =
        [
            .. new Dictionary<string, string>(engine.Settings)
            {
                ["urls"] = "http://127.0.0.1:0",
                ["environment"] = "Development",
                ["ConnectionStrings:ControlPlane"] = database.Provisioner,
                ["KeyRing:Certificate"] = certificate,
                ["Operations:LeaseFor"] = "00:00:01.5",
                ["Operations:PollEvery"] = "00:00:00.2",
                ["Provisioner:Engine"] = engine.Name,
                ["Provisioner:StopGrace"] = "00:00:05",
                ["Provisioner:SweepEvery"] = "00:00:00.2",
                ["Provisioner:SampleWatchedEvery"] = "00:00:00.2",
                ["Logging:LogLevel:Default"] = "Warning",
            }.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
    }

    public TestEngine Engine { get; }

    public OrganizationId Organization { get; }

    /// <summary>The command line of a Provisioner for this fleet.</summary>
    public IReadOnlyList<string> Arguments { get; }

    public static async Task<FleetUnderTest> StartAsync(PostgresFixture postgres, TestEngine engine)
    {
        var database = await postgres.CreateDatabaseAsync();
        var certificate = Path.Combine(Directory.CreateTempSubdirectory("faktory-keys-").FullName, "keyring.p12");
        KeyRing.EnsureCertificate(certificate, TimeProvider.System);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [KeyRing.CertificateSetting] = certificate }).Build();
        var api = new ControlPlaneScope(database.Api, TimeProvider.System, services => services.AddKeyRing(configuration).AddOperationWaiting());
        return new FleetUnderTest(database, engine, await api.AddOrganizationAsync(), api, certificate);
    }

    public async Task StartProvisionerAsync(params string[] more)
    {
        await StopProvisionerAsync();
        provisioner = ProvisionerHost.Create([.. Arguments, .. more]);
        await provisioner.StartAsync();
    }

    public async Task StopProvisionerAsync()
    {
        if (provisioner is null)
            return;
        await provisioner.StopAsync();
        await provisioner.DisposeAsync();
        provisioner = null;
    }

    public async Task<(InstanceId Id, OperationId Operation)> CreateAsync(string planKey = SeedPlans.FreeKey)
    {
        var clock = TimeProvider.System;
        var id = InstanceId.New(clock);
        var (scope, db) = api.Enter(Organization);
        await using var _ = scope;
        var instance = new Instance
        {
            Id = id,
            OrganizationId = Organization,
            Name = $"jobs-{id.ToString()[^8..]}",
            PlanKey = planKey,
            Region = "local",
            CreatedAt = clock.GetUtcNow(),
            SealedPassword = Seal(id, SecretPurposes.InstancePassword, "first-password"),
            SealedAdminToken = Seal(id, SecretPurposes.InstanceAdminToken, AdminToken),
        };
        db.Instances.Add(instance);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.InFleetAsync(() => db.RefreshEntitlementsAsync(instance, clock, default), default);
        var operation = db.File(OperationKinds.InstanceProvision, Organization, id.ToString(), null, clock);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return (id, operation.Id);
    }

    public async Task<InstanceId> CreateRunningAsync(string planKey = SeedPlans.FreeKey)
    {
        var (id, operation) = await CreateAsync(planKey);
        await SucceedAsync(operation);
        return id;
    }

    /// <summary>A change of intent with the operation that carries it out, in one transaction, as every use case of the Api does it.</summary>
    public async Task<OperationId> AskAsync(InstanceId id, OperationKind kind, Action<Instance>? change = null, object? data = null)
    {
        var (scope, db) = api.Enter(Organization);
        await using var _ = scope;
        await using var transaction = await db.Database.BeginTransactionAsync();
        // As the Api does it: observation goes on writing to the row.
        var instance = await db.Instances.FromSql($"SELECT *, xmin FROM instances WHERE id = {id.Value} FOR UPDATE").SingleAsync();
        if (change is not null)
        {
            change(instance);
            instance.Generation++;
            await db.InFleetAsync(() => db.RefreshEntitlementsAsync(instance, TimeProvider.System, default), default);
        }
        var operation = db.File(kind, Organization, id.ToString(), data, TimeProvider.System);
        await db.SaveChangesAsync();
        await db.WakeAsync(id.ToString(), TimeProvider.System, default);
        await transaction.CommitAsync();
        return operation.Id;
    }

    public Task<OperationId> DeleteAsync(InstanceId id, TimeSpan? purgeAfter = null) => AskAsync(id, OperationKinds.InstanceDelete, instance =>
    {
        instance.Desired = DesiredState.Deleted;
        instance.DeletedAt = TimeProvider.System.GetUtcNow();
        instance.PurgeAt = instance.DeletedAt + (purgeAfter ?? Instance.UndeleteFor);
    });

    public Task<OperationId> UndeleteAsync(InstanceId id) => AskAsync(id, OperationKinds.InstanceUndelete, instance =>
        (instance.Desired, instance.DeletedAt, instance.PurgeAt) = (DesiredState.Running, null, null));

    public string Seal(InstanceId id, string purpose, string secret) =>
        api.Services.GetRequiredService<SecretSealer>().Seal(Organization, purpose, id.ToString(), secret);

    public async Task<Operation> FinishAsync(OperationId id)
    {
        Operation operation = null!;
        await Wait.UntilAsync($"operation {id} finished", async () => (operation = await api.ReadAsync(id)).IsFinished);
        return operation;
    }

    public async Task SucceedAsync(OperationId id)
    {
        var operation = await FinishAsync(id);
        operation.State.ShouldBe(OperationState.Succeeded, $"{operation.Kind} at {operation.Step}: {operation.Error} {operation.ErrorDetail}");
    }

    public async Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read)
    {
        await using var fleet = api.Fleet();
        return await read(fleet.Db);
    }

    public Task<Instance> InstanceAsync(InstanceId id) => ReadAsync(db => db.Instances.AsNoTracking().SingleAsync(row => row.Id == id));

    /// <summary>How many ports an instance has.</summary>
    public async Task<long> LeasesAsync(InstanceId id) =>
        (long)(await AsOwnerAsync("SELECT count(*) FROM port_leases WHERE instance_id = $1", id.Value))!;

    public Task LeaseAsync(InstanceId id, int port) =>
        AsOwnerAsync("INSERT INTO port_leases (host, port, instance_id, use) VALUES ('127.0.0.1', $2, $1, 'commands')", id.Value, port);

    /// <summary>As after a restore of the database to before it was made.</summary>
    public Task ForgetAsync(InstanceId id) => AsOwnerAsync(
        "WITH l AS (DELETE FROM port_leases WHERE instance_id = $1), s AS (DELETE FROM instance_samples WHERE instance_id = $1), e AS (DELETE FROM instance_entitlements WHERE instance_id = $1) DELETE FROM instances WHERE id = $1", id.Value);

    public async Task<int> ConnectionsMaxAsync(InstanceId id) => (await AskServerAsync(id, "/admin/stats")).GetProperty("connections_max").GetInt32();

    /// <summary>What the server itself answers.</summary>
    public async Task<JsonElement> AskServerAsync(InstanceId id, string path)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken) } };
        var admin = new Uri((await InstanceAsync(id)).AdminAddress.ShouldNotBeNull());
        return await http.GetFromJsonAsync<JsonElement>(new Uri(admin, path));
    }

    /// <summary>What a worker with this password sees: the number of queued jobs, after pushing one more.</summary>
    public async Task<long> PushAsync(InstanceId id, string password = "first-password")
    {
        var instance = await InstanceAsync(id);
        var url = new FaktoryUrl { Host = instance.Host.ShouldNotBeNull(), Port = instance.Port.ShouldNotBeNull(), Password = password };
        await using var producer = new FaktoryProducer(new FaktoryClientOptions(url, TimeProvider.System));
        await producer.PushAsync(FaktoryJob.Create("Test", 1));
        return (await producer.InfoAsync()).Queues["default"];
    }

    public async Task<bool> OpensAsync(InstanceId id, string password)
    {
        try
        {
            await PushAsync(id, password);
            return true;
        }
        catch (FaktoryAuthenticationException)
        {
            return false;
        }
    }

    async Task<object?> AsOwnerAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync();
    }

    public static TcpListener Squat(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await StopProvisionerAsync();
        await Engine.DisposeAsync();
        await api.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(certificate)!, recursive: true);
    }
}
