using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Resellers;

/// <summary>A reseller with an integration, and its commands as a dialect gives them: each in a request's scope of its own, as the role of the Api.</summary>
sealed class ResellerWorld(ApiServer server, Customer staff, Reseller reseller, ResellerIntegration integration) : IAsyncDisposable
{
    internal ApiServer Server { get; } = server;

    /// <summary>The first of the reseller's people.</summary>
    internal Customer Staff { get; } = staff;
    internal Reseller Reseller { get; } = reseller;
    internal ResellerIntegration Integration { get; } = integration;

    internal static async Task<ResellerWorld> StartAsync(PostgresFixture postgres, ResellerMode mode = ResellerMode.Referral, TimeProvider? clock = null, params string[] settings)
    {
        var server = await ApiServer.StartAsync(postgres, clock, settings);
        return await server.AddResellerAsync(mode);
    }

    internal async Task<T> AsAsync<T>(Func<IServiceProvider, ResellerCaller, Task<T>> work)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var caller = await scope.ServiceProvider.GetRequiredService<IntegrationLookup>().EnterAsync(Integration.Dialect, Integration.Key, "192.0.2.1", default);
        return await work(scope.ServiceProvider, caller.ShouldNotBeNull());
    }

    internal Task<CommandResult> CommandAsync(Func<ResellerCommands, ResellerCaller, Task<CommandResult>> command) =>
        AsAsync((services, caller) => command(services.GetRequiredService<ResellerCommands>(), caller));

    internal Task<CommandResult> ProvisionAsync(string id, string customer = "acme", string plan = "free", string? name = null) =>
        CommandAsync((commands, by) => commands.ProvisionAsync(by, new ProvisionRequest(id, new CustomerSought(customer, $"The {customer}", null), plan, name), default));

    /// <summary>Plays the Provisioner's part for all that is under way.</summary>
    internal async Task FinishAsync(CommandResult result) => await Server.FinishOperationsAsync(result.Resource!.InstanceId.ToString());

    internal async Task<T> ReadAsync<T>(Func<ControlPlaneDb, Task<T>> read)
    {
        await using var fleet = Server.Fleet();
        return await read(fleet.Db);
    }

    internal Task<Instance> InstanceAsync(CommandResult result)
    {
        var id = result.Resource!.InstanceId;
        return ReadAsync(db => db.Instances.AsNoTracking().SingleAsync(i => i.Id == id));
    }

    internal Task<List<Operation>> OperationsAsync(CommandResult result)
    {
        var subject = result.Resource!.InstanceId.ToString();
        return ReadAsync(db => db.Operations.AsNoTracking().Where(o => o.Subject == subject).OrderBy(o => o.Id).ToListAsync());
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

static class ResellerWorlds
{
    internal static async Task<ResellerWorld> AddResellerAsync(this ApiServer server, ResellerMode mode = ResellerMode.Referral, string name = "Resale")
    {
        var staff = await server.SignUpAsync(organization: name);
        var now = server.Clock.GetUtcNow();
        var reseller = new Reseller { Id = ResellerId.New(server.Clock), Name = name, OrganizationId = staff.Organization, PartyId = staff.Organization.ToString(), Mode = mode, CreatedAt = now };
        var integration = new ResellerIntegration
        {
            Id = IntegrationId.New(server.Clock),
            ResellerId = reseller.Id,
            OrganizationId = staff.Organization,
            Dialect = Dialect.Heroku,
            Name = "heroku",
            Key = reseller.Id.ToString(),
            CreatedAt = now,
        };
        await using var fleet = server.Fleet();
        var party = new PartyProfile { Kind = PartyKind.Reseller, Id = reseller.PartyId, Name = name, CreatedAt = now };
        fleet.Db.AddRange(reseller, integration, Native(false), Native(true), party);
        await fleet.Db.SaveChangesAsync();
        return new ResellerWorld(server, staff, reseller, integration);

        ResellerIntegration Native(bool isSandbox) => new()
        {
            Id = IntegrationId.New(server.Clock),
            ResellerId = reseller.Id,
            OrganizationId = staff.Organization,
            Dialect = Dialect.Native,
            Name = isSandbox ? "sandbox" : "api",
            Key = $"{reseller.Id}{(isSandbox ? "/sandbox" : "")}",
            IsSandbox = isSandbox,
            CreatedAt = now,
        };
    }
}
