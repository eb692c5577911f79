using ControlPlane.Core.Billing;
using ControlPlane.Core.Data;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Reversals;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Stripe.Double.Control;

namespace ControlPlane.Tests.Ledger.Transfers;

/// <summary>What a party owes, taken back from what it was sent.</summary>
public sealed class TransferReversalTests(PostgresFixture postgres)
{
    static Money Dollars(long minor) => new(minor, Currency.Usd);

    /// <summary>Paid out, and half of it refunded since: 4.90 and 5.91 are owed.</summary>
    static async Task OweAsync(TransferWorld world)
    {
        await world.SetAsideAsync();
        await world.SendAsync();
        await world.Ledger.ReverseAsync("pay_1", "re_1", 2450);
    }

    static Task<List<ControlPlane.Core.Ledger.Reversals.TransferReversal>> PlanAsync(TransferWorld world, long atMost) =>
        world.Ledger.RunAsync(db => db.PlanReversalsAsync(LedgerWorld.Reseller, Dollars(atMost), PayoutRail.StripeTransfer, LedgerWorld.Anna, world.Ledger.Clock, CancellationToken.None));

    [Fact]
    public async Task What_is_owed_comes_back_once_and_is_booked()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await OweAsync(world);
        (await world.Ledger.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(-591);

        (await PlanAsync(world, 100_000)).Single().AmountMinor.ShouldBe(591);
        // The debt is taken care of.
        (await PlanAsync(world, 100_000)).ShouldBeEmpty();
        (await world.ReverseAsync()).ShouldBe(1);
        (await world.ReverseAsync()).ShouldBe(0);

        (await world.Ledger.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(0);
        (await world.Ledger.SumAsync(AccountCode.Stripe)).ShouldBe(-980 - 1182 + 591);
        var reversal = await world.Ledger.ReadAsync(db => db.TransferReversals.SingleAsync());
        (reversal.State, reversal.Reference![..4]).ShouldBe((ReversalState.Settled, "trr_"));
        (await new BalanceService(world.Client).GetAsync()).Available.Single().Amount.ShouldBe(100_000 - 980 - 1182 + 591);
        await world.Ledger.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_process_that_dies_at_every_moment_in_turn_takes_it_back_exactly_once()
    {
        var moments = new Moments();
        await using var world = await TransferWorld.StartAsync(
            postgres, new DyingRequests(moments), configure: services => services.ConfigureDbContext<ControlPlaneDb>(options => options.AddInterceptors(moments.Commands, moments.Commits)));
        await OweAsync(world);
        await PlanAsync(world, 591);
        var deaths = 0;

        for (var survives = 0; ; survives++)
        {
            moments.DieAfter(survives);
            try
            {
                await world.ReverseAsync();
                break;
            }
            catch (Exception death) when (death is DeathException || death.InnerException is DeathException)
            {
                deaths++;
            }
        }
        moments.DieAfter(int.MaxValue);

        deaths.ShouldBeGreaterThan(10);
        (await world.Ledger.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(0);
        (await new BalanceService(world.Client).GetAsync()).Available.Single().Amount.ShouldBe(100_000 - 980 - 1182 + 591);
    }

    [Fact]
    public async Task No_more_is_taken_than_was_asked_for_or_was_sent()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await OweAsync(world);

        (await PlanAsync(world, 200)).Single().AmountMinor.ShouldBe(200);
        (await world.ReverseAsync()).ShouldBe(1);
        (await PlanAsync(world, 100_000)).Single().AmountMinor.ShouldBe(391);
        (await world.ReverseAsync()).ShouldBe(1);
        // The rest of the payment: 5.91 more are owed, and 11.82 were sent in all.
        await world.Ledger.ReverseAsync("pay_1", "re_2", 4900);
        (await PlanAsync(world, 100_000)).Single().AmountMinor.ShouldBe(591);
        (await world.ReverseAsync()).ShouldBe(1);
        (await PlanAsync(world, 100_000)).ShouldBeEmpty();

        (await world.Ledger.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(0);
    }

    [Fact]
    public async Task An_account_that_has_spent_it_gives_nothing_back()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await OweAsync(world);
        var account = await world.AccountAsync(LedgerWorld.Reseller);
        (await world.Reversals.ReadReversibleAsync(account, Currency.Usd, CancellationToken.None)).Minor.ShouldBe(1182);
        await PlanAsync(world, 591);
        await new Stripe.PayoutService(world.Client).CreateAsync(new() { Amount = 1182, Currency = "usd" }, new() { StripeAccount = account });
        (await world.Reversals.ReadReversibleAsync(account, Currency.Usd, CancellationToken.None)).Minor.ShouldBe(0);

        await world.ReverseAsync();

        var reversal = await world.Ledger.ReadAsync(db => db.TransferReversals.SingleAsync());
        (reversal.State, reversal.FailureReason).ShouldBe((ReversalState.Failed, $"The connected account {account} has insufficient funds to cover the transfer reversal."));
        (await world.Ledger.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(-591);
    }

    [Fact]
    public async Task A_reversal_whose_answer_was_lost_is_found()
    {
        await using var world = await TransferWorld.StartAsync(postgres);
        await OweAsync(world);
        await PlanAsync(world, 591);
        world.Double.Plan(new Fault { Path = "/v1/transfers/", LosesAnswer = true });

        (await world.ReverseAsync()).ShouldBe(0);
        world.Ledger.Clock.Advance(TimeSpan.FromHours(25));
        (await world.ReverseAsync()).ShouldBe(1);

        (await new BalanceService(world.Client).GetAsync()).Available.Single().Amount.ShouldBe(100_000 - 980 - 1182 + 591);
    }
}
