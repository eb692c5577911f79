using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Plans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Tests.Core;

/// <summary>A process of the control plane without its host: services on a test's own database, as one role.</summary>
sealed class ControlPlaneScope : IAsyncDisposable
{
    readonly ServiceProvider services;

    public ControlPlaneScope(string connectionString, TimeProvider clock, Action<IServiceCollection>? configure = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:ControlPlane"] = connectionString }).Build();
        var collection = new ServiceCollection()
            .AddSingleton(clock)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddControlPlaneDatabase(configuration);
        configure?.Invoke(collection);
        services = collection.BuildServiceProvider();
        Clock = clock;
    }

    public TimeProvider Clock { get; }
    public IServiceProvider Services => services;
    public IServiceScopeFactory Scopes => services.GetRequiredService<IServiceScopeFactory>();

    public FleetScope Fleet() => Scopes.CreateFleetScope();

    /// <summary>A scope that has entered an organization, as a request of the Api does.</summary>
    public (AsyncServiceScope Scope, ControlPlaneDb Db) Enter(OrganizationId organization)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<DbScope>().EnterOrganization(organization);
        return (scope, scope.ServiceProvider.GetRequiredService<ControlPlaneDb>());
    }

    public async Task<OrganizationId> AddOrganizationAsync(string name = "Acme")
    {
        var id = OrganizationId.New(Clock);
        var (scope, db) = Enter(id);
        await using (scope)
        {
            db.Organizations.Add(new Organization { Id = id, Name = name, CreatedAt = Clock.GetUtcNow() });
            await db.SaveChangesAsync();
        }
        return id;
    }

    public async Task<Instance> AddInstanceAsync(OrganizationId organization, string name = "jobs")
    {
        var instance = new Instance
        {
            Id = InstanceId.New(Clock),
            OrganizationId = organization,
            Name = name,
            PlanKey = SeedPlans.FreeKey,
            Region = "local",
            CreatedAt = Clock.GetUtcNow(),
            SealedPassword = "sealed",
            SealedAdminToken = "sealed",
        };
        var (scope, db) = Enter(organization);
        await using (scope)
        {
            db.Instances.Add(instance);
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.InFleetAsync(() => db.RefreshEntitlementsAsync(instance, Clock, default), default);
            await transaction.CommitAsync();
        }
        return instance;
    }

    public async Task<Operation> ReadAsync(OperationId id)
    {
        await using var fleet = Fleet();
        return (await fleet.Db.Operations.FindAsync(id))!;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
