using ControlPlane.Client;
using ControlPlane.Core.Alerts;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Billing.Reconciliation;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Parties;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Tests.Api;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Stripe.Double.Webhooks;

namespace ControlPlane.Tests.Billing.Inbox;

/// <summary>What is found when Stripe is asked, how it is classed, and which of it mends itself.</summary>
public sealed class ReconciliationTests(PostgresFixture postgres)
{
    static readonly PostedBy by = new("test", "stripe-double", LedgerMode.Simulated);

    /// <summary>One customer on Pro, all of it delivered.</summary>
    async Task<(DeliveredWorld World, InstanceResource Instance)> SubscribedAsync()
    {
        var world = await DeliveredWorld.StartAsync(postgres);
        var instance = await CheckOutAsync(world);
        await world.DeliverAsync();
        return (world, instance);
    }

    static async Task<InstanceResource> CheckOutAsync(DeliveredWorld world)
    {
        var instance = await world.Server.AddRunningInstanceAsync(world.World.Billing.Customer);
        var page = await world.World.Customer.CheckOutAsync(new CheckoutRequest("pro", instance.Id));
        await world.World.Stripe.CompleteCheckoutAsync(page.Address.Split('/')[^1]);
        return instance;
    }

    [Fact]
    public async Task What_was_never_delivered_is_read_within_the_hour_and_only_once()
    {
        await using var world = await DeliveredWorld.StartAsync(postgres);
        world.World.Stripe.Plan(new WebhookFault { Kind = WebhookFaultKind.Lose, Times = 1000 });
        var instance = await CheckOutAsync(world);
        await world.DeliverAsync();
        (await world.World.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("free");

        await world.Reconciling.ReadEventsAsync(CancellationToken.None);
        await world.Applying.DrainAsync(CancellationToken.None);
        (await world.World.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        world.World.Billing.Clock.Advance(TimeSpan.FromHours(1));
        await world.Reconciling.ReadEventsAsync(CancellationToken.None);

        var runs = (await world.World.Billing.Operator.Client.ListReconciliationRunsAsync()).Items;
        runs.Select(r => (r.Kind, r.Error)).ShouldBe([("events", null), ("events", null)]);
        (runs[1].Found > 5, runs[0].Found, runs[0].Looked > 0).ShouldBe((true, 0, true));
    }

    [Fact]
    public async Task Where_all_is_well_nothing_is_found()
    {
        var (world, _) = await SubscribedAsync();
        await using var _ = world;
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));

        await world.ReconcileAsync();

        (await world.DifferencesAsync()).ShouldBeEmpty();
        var run = (await world.World.Billing.Operator.Client.ListReconciliationRunsAsync()).Items.Single();
        (run.Kind, run.Error, run.Found).ShouldBe(("full", null, 0));
        run.Looked.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task What_is_missing_here_is_mended_by_reading_it()
    {
        await using var world = await DeliveredWorld.StartAsync(postgres);
        world.World.Stripe.Plan(new WebhookFault { Kind = WebhookFaultKind.Lose, Times = 1000 });
        var instance = await CheckOutAsync(world);
        await world.World.Stripe.AddFundsAsync(5000, "usd");
        await world.DeliverAsync();
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));

        await world.Reconciling.CompareAsync(CancellationToken.None);

        var found = await world.DifferencesAsync();
        found.ShouldAllBe(d => d.Class == DifferenceClass.MissingHere && d.Ours == "nothing");
        // What waits to be read has moved there and not yet here: sums are not compared meanwhile.
        found.Select(d => d.Kind).Distinct().ShouldBe([ComparedKind.BalanceTransaction, ComparedKind.Invoice, ComparedKind.Subscription], ignoreOrder: true);
        await world.Applying.DrainAsync(CancellationToken.None);
        (await world.World.Customer.GetInstanceAsync(instance.Id)).Plan.ShouldBe("pro");
        await world.World.ShouldHoldWhatStripeHoldsAsync();
        await world.ReconcileAsync();
        (await world.DifferencesAsync()).ShouldBeEmpty();
        (await world.ReadAsync(db => db.Alerts.AnyAsync(a => a.Kind == Alerts.Reconciliation && a.ResolvedAt == null))).ShouldBeFalse();
    }

    [Fact]
    public async Task What_differs_is_told_and_left_to_a_person()
    {
        var (world, _) = await SubscribedAsync();
        await using var _ = world;
        await world.Server.ExecuteAsOwnerAsync("UPDATE invoices SET state = 'open', settled_at = NULL");
        await world.Server.ExecuteAsOwnerAsync("UPDATE subscription_items SET quantity = 3");
        var charge = (await world.World.At.Charges.ListAsync()).Single();
        await world.ReadAsync(async db =>
        {
            // Somebody booked money that never moved.
            await db.PostAsync(PayoutPostings.FromBank(new JournalSource("stripe_payout", "po_none", world.World.Billing.Clock.GetUtcNow()), new Money(700, Currency.Usd)), by, world.World.Billing.Clock, CancellationToken.None);
            return 0;
        });
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));

        await world.ReconcileAsync();

        (await world.DifferencesAsync()).Select(d => (d.Kind, d.Class, d.Ours, d.Theirs)).ShouldBe(
            [
                (ComparedKind.Balance, DifferenceClass.Amount, $"{new Money(700 + charge.Amount - 114, Currency.Usd)}", $"{new Money(charge.Amount - 114, Currency.Usd)}"),
                (ComparedKind.BalanceTransaction, DifferenceClass.MissingThere, "7.00 USD", "nothing"),
                (ComparedKind.Invoice, DifferenceClass.State, "open", "paid"),
                (ComparedKind.Subscription, DifferenceClass.Amount, "3 × pro v1", "1 × pro v1"),
            ], ignoreOrder: true);
        (await world.ReadAsync(db => db.Alerts.SingleAsync(a => a.Kind == Alerts.Reconciliation))).Message.ShouldStartWith("4 differences");

        // It is looked at again, also when it is long ago; and a person can say that it is dealt with.
        var staff = world.World.Billing.Operator.Client;
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(20));
        await world.ReconcileAsync();
        (await staff.ListDifferencesAsync(state: "open", kind: "balance_transaction")).Items.Single().ShouldSatisfyAllConditions(d => d.Subject.ShouldBe("po_none"), d => d.SeenAt.ShouldBe(d.FoundAt.AddDays(20)));
        await world.Server.ExecuteAsOwnerAsync("UPDATE subscription_items SET quantity = 1");
        var balance = (await staff.ListDifferencesAsync(state: "open", kind: "balance")).Items.Single();
        (await staff.CloseDifferenceAsync(balance.Id, new("a slip of mine"))).ClosedBy.ShouldNotBeNull();
        await staff.CloseDifferenceAsync(balance.Id, new("again")).ShouldBeRefusedAsync("difference_resolved");
        await world.ReconcileAsync();
        (await staff.ListDifferencesAsync(state: "resolved")).Items.Select(d => d.Kind).ShouldBe(["subscription", "balance"], ignoreOrder: true);
        (await staff.ListDifferencesAsync(state: "open", @class: "amount")).Items.Single().Kind.ShouldBe("balance");
    }

    [Fact]
    public async Task Transfers_and_accounts_are_held_against_payouts_and_parties()
    {
        await using var world = await DeliveredWorld.StartAsync(postgres);
        var (at, clock) = (world.World.At, world.World.Billing.Clock);
        await world.World.Stripe.AddFundsAsync(10_000, "usd");
        var account = await at.Accounts.CreateAsync(new() { Type = "express", Capabilities = new() { Transfers = new() { Requested = true } } });
        await world.World.Stripe.EnableAccountAsync(account.Id);
        var byHand = await at.Transfers.CreateAsync(new() { Amount = 300, Currency = "usd", Destination = account.Id });
        await world.World.Stripe.EnableAccountAsync(account.Id, isEnabled: false);
        await using (var fleet = world.Server.Fleet())
        {
            foreach (var (name, destination) in (ReadOnlySpan<(string, string)>)[("acme", account.Id), ("gone", "acct_none")])
            {
                var party = new PartyProfile { Kind = PartyKind.Vendor, Id = name, Name = name, CreatedAt = clock.GetUtcNow() };
                party.MoveTo(PayoutRail.StripeTransfer, destination, clock.GetUtcNow());
                fleet.Db.Parties.Add(party);
            }
            var payout = new Payout
            {
                Id = PayoutId.New(clock),
                PartyKind = PartyKind.Vendor,
                PartyId = "acme",
                Currency = "USD",
                AmountMinor = 900,
                CutOff = clock.GetUtcNow(),
                CarriedMinor = 0,
                Rail = PayoutRail.StripeTransfer,
                Destination = account.Id,
                NeedsSecondPerson = false,
                CreatedBy = "test",
                CreatedAt = clock.GetUtcNow(),
            };
            payout.Approve("test", clock.GetUtcNow());
            payout.MarkSending();
            payout.MarkSettled("tr_none", clock.GetUtcNow());
            fleet.Db.Payouts.Add(payout);
            await fleet.Db.SaveChangesAsync();
        }

        await world.ReconcileAsync();

        var found = (await world.DifferencesAsync()).Where(d => d.Kind is ComparedKind.Transfer or ComparedKind.ConnectedAccount).ToList();
        found.Select(d => (d.Kind, d.Class)).ShouldBe(
            [
                (ComparedKind.Transfer, DifferenceClass.MissingHere), (ComparedKind.Transfer, DifferenceClass.MissingThere), (ComparedKind.ConnectedAccount, DifferenceClass.MissingThere), (ComparedKind.ConnectedAccount, DifferenceClass.State),
            ], ignoreOrder: true);
        found.Single(d => d.Class == DifferenceClass.MissingHere).Theirs.ShouldBe($"USD 300 to {byHand.DestinationId}");
        found.Single(d => d.Class == DifferenceClass.State).Theirs.ShouldStartWith("cannot: ");
    }

    [Fact]
    public async Task What_runs_unpaid_and_what_is_paid_for_and_absent_are_found()
    {
        var (world, instance) = await SubscribedAsync();
        await using var _ = world;
        var free = await world.Server.AddRunningInstanceAsync(await world.Server.SignUpAsync(), "free");
        var unpaid = await world.Server.AddRunningInstanceAsync(await world.Server.SignUpAsync(), "unpaid");
        await world.Server.ExecuteAsOwnerAsync("UPDATE instances SET plan_key = 'business' WHERE name = 'unpaid'");
        await world.Server.ExecuteAsOwnerAsync("UPDATE instances SET state = 'failed' WHERE name = 'orders'");
        world.World.Billing.Clock.Advance(TimeSpan.FromDays(1));

        await world.ReconcileAsync();

        var found = (await world.World.Billing.Operator.Client.ListDifferencesAsync(kind: "entitlement")).Items;
        found.Select(d => (d.Subject, d.Class, d.Ours, d.Theirs)).ShouldBe(
            [(unpaid.Id, "missing_there", "runs as business", "nothing"), (instance.Id, "missing_here", "nothing", "pro is paid for")], ignoreOrder: true);
        found.ShouldNotContain(d => d.Subject == free.Id);
    }
}
