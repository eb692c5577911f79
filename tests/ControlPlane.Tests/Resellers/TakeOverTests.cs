using ControlPlane.Api.Resellers;
using ControlPlane.Client;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Resellers;

public sealed class TakeOverTests(PostgresFixture postgres)
{
    [Fact]
    public async Task An_owner_who_pays_itself_takes_over_alone_and_the_reseller_sees_nothing_any_more()
    {
        await using var world = await ResellerWorld.StartAsync(postgres, ResellerMode.Wholesale);
        var (staff, customer, owner, made) = await PrepareAsync(world);
        await staff.SuspendManagedInstanceAsync(made.Id);
        await world.Server.FinishOperationsAsync(made.Instance);
        await owner.ChangePlanAsync(made.Instance, new ChangePlanRequest("free")).ShouldBeRefusedAsync("plan_of_reseller");
        await owner.ResumeInstanceAsync(made.Instance).ShouldBeRefusedAsync("suspended_by_reseller");

        (await owner.TakeOverAsync(new TakeOverRequest(DirectBilling: true))).State.ShouldBe("done");

        (await staff.ListManagedCustomersAsync()).Items.ShouldBeEmpty();
        (await staff.ListManagedInstancesAsync()).Items.ShouldBeEmpty();
        await staff.GetManagedInstanceAsync(made.Id).ShouldBeRefusedAsync("resource_not_found");
        await staff.GetManagedCustomerAsync(customer.Id).ShouldBeRefusedAsync("reseller_customer_not_found");
        await staff.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("i-2", customer.Id, "free")).ShouldBeRefusedAsync("reseller_customer_not_found");
        await owner.GetMyResellerAsync().ShouldBeRefusedAsync("no_reseller");

        var items = await world.ReadAsync(db => db.SubscriptionItems.OrderBy(i => i.Id).ToListAsync());
        items.Select(i => (i.OrganizationId.ToString(), i.IsLiving, i.PlanKey)).ShouldBe([(world.Reseller.OrganizationId.ToString(), false, "pro"), (customer.Id, true, "pro")]);
        var instance = await world.ReadAsync(db => db.Instances.SingleAsync());
        (instance.PlanKey, instance.Desired, instance.IsSuspendedByReseller).ShouldBe(("pro", DesiredState.Running, false));
        // The reseller's unused time is its own again.
        (await world.ReadAsync(db => db.CreditNotes.SingleAsync())).OrganizationId.ShouldBe(world.Reseller.OrganizationId);
        await owner.TakeOverAsync(new TakeOverRequest(true)).ShouldBeRefusedAsync("no_reseller");
        (await world.CommandAsync((c, by) => c.SuspendAsync(by, new ResourceRequest("i-1"), default))).Outcome.ShouldBe(CommandOutcome.NotFound);
    }

    [Fact]
    public async Task With_the_consent_of_both_it_does_not_matter_who_asks_first()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var (staff, customer, owner, _) = await PrepareAsync(world);

        (await owner.TakeOverAsync(new TakeOverRequest())).State.ShouldBe("asked");
        (await staff.GetManagedCustomerAsync(customer.Id)).TakeOverAskedBy.ShouldBe("owner");
        (await staff.ReleaseCustomerAsync(customer.Id)).State.ShouldBe("done");
        (await world.ReadAsync(db => db.ResellerAttributions.SingleAsync())).ValidTo.ShouldNotBeNull();

        var second = await staff.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("c-2", "Second", "second@acme.example"));
        (await staff.ReleaseCustomerAsync(second.Id)).State.ShouldBe("asked");
        var other = await world.Server.AcceptAsync("second@acme.example");
        (await other.GetMyResellerAsync()).TakeOverAskedBy.ShouldBe("reseller");
        (await other.TakeOverAsync(new TakeOverRequest())).State.ShouldBe("done");
        await staff.ReleaseCustomerAsync(second.Id).ShouldBeRefusedAsync("reseller_customer_not_found");
    }

    static async Task<(ControlPlaneClient Staff, ManagedCustomerResource Customer, ControlPlaneClient Owner, ManagedInstanceResource Instance)> PrepareAsync(ResellerWorld world)
    {
        var staff = world.Staff.Client;
        var customer = await staff.CreateManagedCustomerAsync(new CreateManagedCustomerRequest("c-1", "Acme", "owner@acme.example"));
        var made = await staff.CreateManagedInstanceAsync(new CreateManagedInstanceRequest("i-1", customer.Id, "pro"));
        await world.Server.ProvisionAsync(made.Instance);
        return (staff, customer, await world.Server.AcceptAsync("owner@acme.example"), made);
    }
}
