using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Operations;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Provisioning;

/// <summary>Whose brand a real job server shows, through all that can happen to it.</summary>
public sealed class BrandSweepTests(PostgresFixture postgres)
{
    static readonly byte[] png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    [Fact]
    public async Task The_resellers_brand_follows_its_changes_and_goes_with_a_take_over_without_a_restart()
    {
        await using var fleet = await FleetUnderTest.StartAsync(postgres, new ProcessTestEngine());
        await fleet.StartProvisionerAsync("--Provisioner:Brand:Name=Hosted Queues", "--Provisioner:Brand:Color=#862e9c");
        var id = await fleet.CreateRunningAsync();
        var server = await fleet.Engine.ServersAsync(id.ToString());
        (await BrandAsync(fleet, id)).ShouldBe(new Shown("Hosted Queues", "#862e9c", null));

        var reseller = await ManageAsync(fleet, id);
        await ShowsAsync(fleet, id, new Shown("Resale", "#0b7285", $"data:image/png;base64,{Convert.ToBase64String(png)}"));
        await fleet.ReadAsync(db => db.WhiteLabels.Where(l => l.ResellerId == reseller)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Name, "Renamed").SetProperty(l => l.Logo, (byte[]?)null).SetProperty(l => l.Revision, l => l.Revision + 1)));
        await ShowsAsync(fleet, id, new Shown("Renamed", "#0b7285", null));
        (await fleet.Engine.ServersAsync(id.ToString())).ShouldBe(server);
        await fleet.SucceedAsync(await fleet.AskAsync(id, OperationKinds.InstanceRestart));
        (await BrandAsync(fleet, id)).Name.ShouldBe("Renamed");

        await fleet.ReadAsync(async db =>
        {
            (await db.ManagedResources.SingleAsync()).MarkReleased(TimeProvider.System.GetUtcNow());
            return await db.SaveChangesAsync();
        });
        await ShowsAsync(fleet, id, new Shown("Hosted Queues", "#862e9c", null));

        // Nothing more is to be told.
        var told = await fleet.InstanceAsync(id);
        await Wait.UntilAsync("the work of telling is done", async () => !await fleet.ReadAsync(db => db.Operations.AnyAsync(o => o.State == OperationState.Pending || o.State == OperationState.Running)));
        (await fleet.InstanceAsync(id)).Generation.ShouldBe(told.Generation);
        told.State.ShouldBe(InstanceState.Running);

        await fleet.StartProvisionerAsync();
        await Wait.UntilAsync("the operator's brand is gone", async () => (await fleet.AskServerAsync(id, "/admin/config")).TryGetProperty("brand", out _) is false);
    }

    sealed record Shown(string? Name, string? Color, string? Logo);

    static Task ShowsAsync(FleetUnderTest fleet, InstanceId id, Shown wanted) => Wait.UntilAsync($"it shows {wanted.Name}", async () => await BrandAsync(fleet, id) == wanted);

    static async Task<Shown> BrandAsync(FleetUnderTest fleet, InstanceId id) =>
        (await fleet.AskServerAsync(id, "/admin/config")).GetProperty("brand").Deserialize<Shown>(JsonSerializerOptions.Web)!;

    static Task<ResellerId> ManageAsync(FleetUnderTest fleet, InstanceId id) => fleet.ReadAsync(async db =>
    {
        var (clock, now) = (TimeProvider.System, TimeProvider.System.GetUtcNow());
        var reseller = new Reseller { Id = ResellerId.New(clock), Name = "Resale", OrganizationId = fleet.Organization, PartyId = "resale", Mode = ResellerMode.Direct, CreatedAt = now };
        var integration = new ResellerIntegration { Id = IntegrationId.New(clock), ResellerId = reseller.Id, OrganizationId = fleet.Organization, Dialect = Dialect.Native, Name = "api", Key = "api", CreatedAt = now };
        var resource = new ManagedResource
        {
            Id = ManagedResourceId.New(clock),
            IntegrationId = integration.Id,
            ResellerId = reseller.Id,
            ExternalId = "i-1",
            OrganizationId = fleet.Organization,
            InstanceId = id,
            PlanKey = "free",
            RequestHash = SHA256.HashData([]),
            OperationId = OperationId.New(clock),
            CreatedAt = now,
        };
        var label = new WhiteLabel { ResellerId = reseller.Id, Name = "Resale", PrimaryColor = "#0b7285", Logo = png, DomainProof = "proof" };
        db.AddRange(reseller, integration);
        await db.SaveChangesAsync();
        db.AddRange(resource, label);
        await db.SaveChangesAsync();
        return reseller.Id;
    });
}
