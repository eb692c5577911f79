using ControlPlane.Core.Audit;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Releases;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Stripe.Double.Control;

namespace ControlPlane.Tests.Ledger.Transfers;

/// <summary>Payouts by Stripe: once each, whatever goes wrong on the way, and not before they can be.</summary>
public sealed class StripeTransferTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_process_that_dies_at_every_moment_in_turn_makes_each_transfer_exactly_once()
    {
        var moments = new Moments();
        await using var world = await TransferWorld.StartAsync(
            postgres, new DyingRequests(moments), configure: services => services.ConfigureDbContext<ControlPlaneDb>(options => options.AddInterceptors(moments.Commands, moments.Commits)));
        await world.Ledger.AccrueAsync("pay_1");
        world.Ledger.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 10, 0, 0, 0, TimeSpan.Zero));
        var deaths = 0;

        for (var survives = 0; ; survives++)
        {
            moments.DieAfter(survives);
            if (await LiveAsync(world))
                break;
            deaths++;
        }
        moments.DieAfter(int.MaxValue);

        deaths.ShouldBeGreaterThan(25);
        (await world.TransfersAsync()).ShouldBe([980, 1182]);
        (await world.PayoutsAsync()).ShouldAllBe(p => p.State == PayoutState.Settled && p.Reference!.StartsWith("tr_"));
        (await world.Ledger.SumAsync(AccountCode.Stripe)).ShouldBe(-980 - 1182);
        await world.Ledger.ShouldAgreeAsync();
        TestContext.Current.SendDiagnosticMessage($"died {deaths} times");
    }

    [Fact]
    public async Task A_transfer_says_what_it_is_for_and_its_journal_who_made_it()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();

        (await world.SendAsync()).ShouldBe(2);

        var payout = (await world.PayoutsAsync())[0];
        var transfer = await new TransferService(world.Client).GetAsync(payout.Reference!);
        (transfer.Amount, transfer.Currency, transfer.TransferGroup, transfer.DestinationId, transfer.Metadata["party"]).ShouldBe((980, "usd", payout.Id.ToString(), await world.AccountAsync(LedgerWorld.Vendor), "vendor:acme"));
        var journal = await world.Ledger.ReadAsync(db => db.Journals.SingleAsync(j => j.SourceId == payout.Id.ToString() && j.Kind == JournalKind.PayoutSettled));
        (journal.Provider, journal.Mode).ShouldBe(("stripe-double", LedgerMode.Simulated));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public async Task A_transfer_whose_answer_was_lost_is_found_and_not_made_again(int hoursLater)
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();
        world.Double.Plan(new Fault { Path = "/v1/transfers", Times = 2, LosesAnswer = true });

        (await world.SendAsync()).ShouldBe(0);
        (await world.PayoutsAsync()).ShouldAllBe(p => p.State == PayoutState.Sending);
        (await world.WaitingAsync()).ShouldAllBe(m => m.Contains("did not say whether it made the transfer"));
        // After a day Stripe knows the key no more.
        world.Ledger.Clock.Advance(TimeSpan.FromHours(hoursLater));
        (await world.SendAsync()).ShouldBe(2);

        (await world.TransfersAsync()).ShouldBe([980, 1182]);
        (await world.PayoutsAsync()).ShouldAllBe(p => p.State == PayoutState.Settled);
        (await world.WaitingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_error_of_Stripes_own_that_it_repeats_is_outlived()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();
        world.Double.Plan(new Fault { Path = "/v1/transfers", Times = 2, Status = 500, IsRecorded = true });

        (await world.SendAsync()).ShouldBe(0);
        world.Ledger.Clock.Advance(TimeSpan.FromHours(12));
        (await world.SendAsync()).ShouldBe(0);
        world.Ledger.Clock.Advance(TimeSpan.FromHours(13));
        (await world.SendAsync()).ShouldBe(2);

        (await world.TransfersAsync()).ShouldBe([980, 1182]);
    }

    [Fact]
    public async Task Without_enough_on_the_balance_a_payout_waits_says_so_and_can_be_cancelled()
    {
        await using var world = await TransferWorld.StartAsync(postgres, funds: 1000);
        await world.SetAsideAsync();

        (await world.SendAsync()).ShouldBe(1);

        var (sent, waiting) = ((await world.PayoutsAsync())[0], (await world.PayoutsAsync())[1]);
        (sent.State, waiting.State).ShouldBe((PayoutState.Settled, PayoutState.Approved));
        (await world.WaitingAsync()).Single().ShouldContain("11.82 USD to reseller:org_r wait: Stripe's available balance is 10.00 USD.");
        await world.Double.AddFundsAsync(5000, "usd");
        (await world.SendAsync()).ShouldBe(1);
        (await world.WaitingAsync()).ShouldBeEmpty();
        (await world.TransfersAsync()).ShouldBe([980, 1182]);
    }

    [Fact]
    public async Task Money_that_went_between_the_look_and_the_transfer_makes_it_wait_a_day()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();
        world.Double.Plan(new Fault { Path = "/v1/transfers", Times = 2, Status = 400, Code = "balance_insufficient", IsRecorded = true });

        (await world.SendAsync()).ShouldBe(0);
        (await world.WaitingAsync()).Count.ShouldBe(2);
        (await world.SendAsync()).ShouldBe(0);
        world.Ledger.Clock.Advance(TimeSpan.FromHours(25));
        (await world.SendAsync()).ShouldBe(2);

        (await world.TransfersAsync()).ShouldBe([980, 1182]);
        (await world.WaitingAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_goes_to_an_account_that_may_not_receive_or_owes()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        var (vendor, reseller) = (await world.AccountAsync(LedgerWorld.Vendor), await world.AccountAsync(LedgerWorld.Reseller));
        await world.Double.EnableAccountAsync(vendor, isEnabled: false);
        // The reseller has spent what it got, and a customer of its own takes some back.
        var earlier = await new TransferService(world.Client).CreateAsync(new() { Amount = 500, Currency = "usd", Destination = reseller });
        await new Stripe.PayoutService(world.Client).CreateAsync(new() { Amount = 500, Currency = "usd" }, new() { StripeAccount = reseller });
        await world.Double.OpenDisputeAsync(earlier.DestinationPaymentId);
        await world.SetAsideAsync();

        (await world.SendAsync()).ShouldBe(0);

        (await world.PayoutsAsync()).ShouldAllBe(p => p.State == PayoutState.Approved);
        var reasons = await world.WaitingAsync();
        reasons.ShouldContain(m => m.Contains($"lets the account {vendor} receive nothing yet"));
        reasons.ShouldContain(m => m.Contains($"The account {reseller} owes Stripe"));
    }

    [Fact]
    public async Task Two_transfers_for_one_payout_are_a_matter_for_a_person()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await world.SetAsideAsync();
        var payout = (await world.PayoutsAsync())[0];
        foreach (var _ in Enumerable.Range(0, 2))
            await new TransferService(world.Client).CreateAsync(new() { Amount = 980, Currency = "usd", Destination = payout.Destination, TransferGroup = payout.Id.ToString() });

        (await world.SendAsync()).ShouldBe(1);

        (await world.PayoutsAsync())[0].State.ShouldBe(PayoutState.Sending);
        (await world.WaitingAsync()).Single().ShouldContain("Stripe has 2 transfers");
    }

    /// <returns>False when it died.</returns>
    static async Task<bool> LiveAsync(TransferWorld world)
    {
        try
        {
            var ledger = world.Ledger;
            await using var fleet = ledger.Process.Fleet();
            await fleet.Db.ReleaseDueSharesAsync(LedgerWorld.By, ledger.Clock, CancellationToken.None);
            ledger.Clock.SetUtcNow(new DateTimeOffset(2026, 4, 15, 0, 0, 0, TimeSpan.Zero));
            await fleet.Db.RunPayoutsAsync(PayoutRuns.LastCutOff(ledger.Clock.GetUtcNow()), ledger.Options, LedgerWorld.Anna, LedgerWorld.By, ledger.Clock, CancellationToken.None);
            await fleet.Db.SendDuePayoutsAsync([world.Rail], Actor.System("test"), LedgerWorld.By, ledger.Clock, CancellationToken.None);
            return true;
        }
        catch (Exception death) when (death is DeathException || death.InnerException is DeathException)
        {
            return false;
        }
    }
}
