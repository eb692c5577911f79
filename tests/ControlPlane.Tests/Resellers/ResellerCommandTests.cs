using ControlPlane.Api.Resellers;
using ControlPlane.Api.Resellers.Commands;
using ControlPlane.Core.Instances;
using ControlPlane.Core.Organizations;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Tests.Resellers;

public sealed class ResellerCommandTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_request_that_is_sent_again_gives_the_same_resource_and_operation()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);

        var first = await world.ProvisionAsync("r-1");
        var again = await world.ProvisionAsync("r-1");
        await world.FinishAsync(first);
        var afterwards = await world.ProvisionAsync("r-1");

        first.Outcome.ShouldBe(CommandOutcome.Created);
        again.Outcome.ShouldBe(CommandOutcome.InProgress);
        afterwards.Outcome.ShouldBe(CommandOutcome.AlreadyThere);
        again.Operation.ShouldBe(first.Operation);
        afterwards.Resource!.InstanceId.ShouldBe(first.Resource!.InstanceId);
        (await world.ReadAsync(db => db.Instances.CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_at_once_make_one_instance_and_one_customer()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.ProvisionAsync("r-1")));

        results.Count(r => r.Outcome == CommandOutcome.Created).ShouldBe(1);
        results.Select(r => r.Operation).Distinct().Count().ShouldBe(1);
        (await world.ReadAsync(db => db.Instances.CountAsync())).ShouldBe(1);
        (await world.ReadAsync(db => db.ResellerCustomers.CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task An_id_that_comes_with_something_else_is_refused()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        await world.ProvisionAsync("r-1", plan: "free");

        (await world.ProvisionAsync("r-1", plan: "pro")).Outcome.ShouldBe(CommandOutcome.Conflict);
        (await world.ProvisionAsync("r-1", customer: "other")).Outcome.ShouldBe(CommandOutcome.Conflict);
        (await world.ProvisionAsync("")).Refusal!.Code.ShouldBe("invalid_resource_id");
        (await world.ProvisionAsync("a/b")).Refusal!.Code.ShouldBe("invalid_resource_id");
        (await world.ProvisionAsync(new string('a', ResourceWork.IdLengthMax + 1))).Refusal!.Code.ShouldBe("invalid_resource_id");
        (await world.ProvisionAsync("r-2", plan: "none")).Refusal!.Code.ShouldBe("plan_unknown");
        (await world.ReadAsync(db => db.Instances.CountAsync())).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_request_leaves_no_customer_behind()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);

        (await world.ProvisionAsync("r-1", plan: "none")).Outcome.ShouldBe(CommandOutcome.Refused);

        (await world.ReadAsync(db => db.ResellerCustomers.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task Deprovisioning_during_provisioning_stops_it_and_ends_the_id()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var made = await world.ProvisionAsync("r-1");

        var ended = await world.CommandAsync((commands, by) => commands.DeprovisionAsync(by, new ResourceRequest("r-1"), default));

        ended.Outcome.ShouldBe(CommandOutcome.Created);
        (await world.InstanceAsync(made)).Desired.ShouldBe(DesiredState.Deleted);
        (await world.OperationsAsync(made)).Select(o => o.Kind).ShouldBe(["instance.provision", "reseller.notify", "instance.delete", "reseller.notify"]);
        (await world.CommandAsync((commands, by) => commands.DeprovisionAsync(by, new ResourceRequest("r-1"), default))).Outcome.ShouldBe(CommandOutcome.Gone);
        (await world.ProvisionAsync("r-1")).Outcome.ShouldBe(CommandOutcome.Gone);
        (await world.CommandAsync((commands, by) => commands.SuspendAsync(by, new ResourceRequest("r-9"), default))).Outcome.ShouldBe(CommandOutcome.NotFound);
    }

    [Fact]
    public async Task A_resellers_suspension_is_apart_from_its_owners()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var made = await world.ProvisionAsync("r-1");
        await world.Server.ProvisionAsync(made.Resource!.InstanceId.ToString());

        await world.Server.ObserveAsync(made.Resource.InstanceId.ToString(), i => i.Suspend(SuspensionReason.Owner));
        (await world.CommandAsync((c, by) => c.SuspendAsync(by, new ResourceRequest("r-1"), default))).Outcome.ShouldBe(CommandOutcome.Created);
        (await world.CommandAsync((c, by) => c.SuspendAsync(by, new ResourceRequest("r-1"), default))).Outcome.ShouldBe(CommandOutcome.InProgress);
        (await world.CommandAsync((c, by) => c.ResumeAsync(by, new ResourceRequest("r-1"), default))).Outcome.ShouldBe(CommandOutcome.Created);

        var instance = await world.InstanceAsync(made);
        instance.Desired.ShouldBe(DesiredState.Suspended);
        instance.IsSuspendedByOwner.ShouldBeTrue();
        instance.IsSuspendedByReseller.ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_with_an_id_is_carried_out_once()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var made = await world.ProvisionAsync("r-1");
        await world.Server.ProvisionAsync(made.Resource!.InstanceId.ToString());
        var before = (await world.InstanceAsync(made)).SealedPassword;

        Task<CommandResult> RotateAsync(string command, int minutes = 60) => world.CommandAsync((c, by) => c.RotateAsync(by, new ResourceRequest("r-1", command), TimeSpan.FromMinutes(minutes), default));
        var first = await RotateAsync("b-1");
        var rotated = (await world.InstanceAsync(made)).SealedPassword;
        var again = await RotateAsync("b-1");

        first.Outcome.ShouldBe(CommandOutcome.Created);
        again.Operation.ShouldBe(first.Operation);
        rotated.ShouldNotBe(before);
        (await world.InstanceAsync(made)).SealedPassword.ShouldBe(rotated);
        (await RotateAsync("b-1", minutes: 5)).Outcome.ShouldBe(CommandOutcome.Conflict);
        (await RotateAsync("b-2")).Outcome.ShouldBe(CommandOutcome.Created);
    }

    [Fact]
    public async Task A_wholesale_reseller_is_billed_for_its_customers_plans()
    {
        await using var world = await ResellerWorld.StartAsync(postgres, ResellerMode.Wholesale);

        var made = await world.ProvisionAsync("r-1", plan: "pro");
        (await world.CommandAsync((c, by) => c.ChangePlanAsync(by, new ResourceRequest("r-1"), "pro", default))).Outcome.ShouldBe(CommandOutcome.InProgress);

        made.Outcome.ShouldBe(CommandOutcome.Created);
        var item = await world.ReadAsync(db => db.SubscriptionItems.SingleAsync());
        item.OrganizationId.ShouldBe(world.Reseller.OrganizationId);
        item.InstanceId.ShouldBe(made.Resource!.InstanceId);
        (await world.ReadAsync(db => db.ResellerAttributions.CountAsync())).ShouldBe(0);
        (await world.CommandAsync((c, by) => c.ChangePlanAsync(by, new ResourceRequest("r-1"), "free", default))).Outcome.ShouldBe(CommandOutcome.Created);
        (await world.ReadAsync(db => db.SubscriptionItems.SingleAsync())).IsLiving.ShouldBeFalse();
    }

    [Fact]
    public async Task A_referred_customer_pays_itself_and_the_reseller_is_attributed()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);

        var made = await world.ProvisionAsync("r-1", plan: "pro");

        (await world.ReadAsync(db => db.SubscriptionItems.SingleAsync())).OrganizationId.ShouldBe(made.Resource!.OrganizationId);
        (await world.ReadAsync(db => db.ResellerAttributions.SingleAsync())).ResellerId.ShouldBe(world.Reseller.PartyId);
    }

    [Fact]
    public async Task Somebody_whom_the_platform_vouches_for_gets_a_user_of_its_own_and_nobody_elses_account()
    {
        await using var world = await ResellerWorld.StartAsync(postgres);
        var victim = await world.Server.SignUpAsync("boss@example.com");
        var made = await world.ProvisionAsync("r-1");

        var link = await world.AsAsync((services, by) => services.GetRequiredService<SignOn>().RunAsync(by, made.Resource!, new SignOnRequest("u-1", "boss@example.com", Role.Owner), default));
        await world.AsAsync((services, by) => services.GetRequiredService<SignOn>().RunAsync(by, made.Resource!, new SignOnRequest("u-1", "boss@example.com"), default));

        var secret = System.Web.HttpUtility.ParseQueryString(link!.Query)["ticket"]!;
        var ticket = await world.ReadAsync(db => db.SignOnTickets.SingleAsync(t => t.SecretHash == SignOnTicket.Hash(secret)));
        ticket.UserId.ShouldNotBe(victim.User);
        var member = await world.ReadAsync(db => db.Memberships.SingleAsync(m => m.OrganizationId == made.Resource!.OrganizationId));
        (member.UserId, member.Role).ShouldBe((ticket.UserId, Role.Admin));
        (await world.ReadAsync(db => db.Users.CountAsync())).ShouldBe(3);
    }
}
