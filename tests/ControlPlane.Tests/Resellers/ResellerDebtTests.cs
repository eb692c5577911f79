using ControlPlane.Core.Billing.Accounts;
using ControlPlane.Core.Resellers;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Resellers;

/// <summary>A reseller that does not pay for its customers: they are told first, and can leave, before anything of theirs stops.</summary>
public sealed class ResellerDebtTests(PostgresFixture postgres)
{
    static readonly DateTimeOffset start = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly TakeOverOffer offer = new();

    [Fact]
    public async Task Customers_are_warned_once_and_nothing_stops_before_the_days_of_the_offer()
    {
        var clock = new FakeTimeProvider(start);
        await using var world = await ResellerWorld.StartAsync(postgres, ResellerMode.Wholesale, clock);
        var made = await world.ProvisionAsync("r-1", plan: "pro");
        await world.Staff.Client.CreateManagedCustomerAsync(new("c-2", "Second", "second@acme.example"));

        await FollowAsync(world, DunningState.PastDue, clock);
        await FollowAsync(world, DunningState.Restricted, clock);
        (await MailsAsync(world)).ShouldBe(1);
        clock.Advance(offer.StopsAfter - TimeSpan.FromMinutes(1));
        await FollowAsync(world, DunningState.Suspended, clock);
        (await world.InstanceAsync(made)).IsSuspendedForResellerDebt.ShouldBeFalse();

        clock.Advance(TimeSpan.FromMinutes(2));
        await FollowAsync(world, DunningState.Suspended, clock);
        await FollowAsync(world, DunningState.Suspended, clock);

        (await world.InstanceAsync(made)).IsSuspendedForResellerDebt.ShouldBeTrue();
        (await world.OperationsAsync(made)).Count(o => o.Kind == "instance.suspend").ShouldBe(1);
        (await MailsAsync(world)).ShouldBe(1);

        await FollowAsync(world, DunningState.Current, clock);
        (await world.InstanceAsync(made)).IsSuspendedForResellerDebt.ShouldBeFalse();
        (await world.OperationsAsync(made)).Count(o => o.Kind == "instance.resume").ShouldBe(1);
        (await world.ReadAsync(db => db.Resellers.SingleAsync())).CustomersWarnedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_has_taken_over_in_time_is_not_stopped()
    {
        var clock = new FakeTimeProvider(start);
        await using var world = await ResellerWorld.StartAsync(postgres, ResellerMode.Wholesale, clock);
        var customer = await world.Staff.Client.CreateManagedCustomerAsync(new("c-1", "Acme", "owner@acme.example"));
        var made = await world.Staff.Client.CreateManagedInstanceAsync(new("i-1", customer.Id, "pro"));
        await FollowAsync(world, DunningState.PastDue, clock);
        var owner = await world.Server.AcceptAsync("owner@acme.example");
        (await owner.GetMyResellerAsync()).StopsAt.ShouldBe(start + offer.StopsAfter);

        await owner.TakeOverAsync(new(DirectBilling: true));
        clock.Advance(offer.StopsAfter + TimeSpan.FromDays(1));
        await FollowAsync(world, DunningState.Suspended, clock);

        (await world.ReadAsync(db => db.Instances.SingleAsync())).IsSuspendedForResellerDebt.ShouldBeFalse();
        made.Plan.ShouldBe("pro");
    }

    /// <summary>One round, with the reseller's own account where its debts have led.</summary>
    static async Task FollowAsync(ResellerWorld world, DunningState dunning, FakeTimeProvider clock)
    {
        // As the role of the process that follows debts; the Api's may do more.
        await using var process = new ControlPlaneScope(world.Server.Database.Backup, clock);
        await using var fleet = process.Fleet();
        await using var transaction = await fleet.Db.Database.BeginTransactionAsync();
        var account = await fleet.Db.BillingAccounts.SingleAsync(a => a.OrganizationId == world.Reseller.OrganizationId);
        account.Dunning = dunning;
        var reseller = await fleet.Db.Resellers.SingleAsync(r => r.Id == world.Reseller.Id);
        await fleet.Db.FollowAsync(reseller, account, offer, clock, clock, CancellationToken.None);
        await transaction.CommitAsync();
    }

    static Task<int> MailsAsync(ResellerWorld world) => world.ReadAsync(db => db.Mails.CountAsync(m => m.Subject == "You may take your job queues over"));
}
