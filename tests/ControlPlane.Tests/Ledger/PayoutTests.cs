using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Payouts;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Tests.Ledger;

public sealed class PayoutTests(PostgresFixture postgres)
{
    [Fact]
    public async Task What_is_payable_before_the_cut_off_is_set_aside_once_with_the_journals_that_it_covers()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await PayableAsync(world, "pay_1");

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.RunPayoutsAsync()));

        var payouts = runs.SelectMany(r => r.Payouts).ToList();
        payouts.Select(p => (p.PartyId, p.AmountMinor, p.State)).ShouldBe([("acme", 980L, PayoutState.Approved), ("org_r", 1182L, PayoutState.Approved)], ignoreOrder: true);
        runs.SelectMany(r => r.Skipped).ShouldBeEmpty();
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0));
        (await world.SumAsync(LedgerWorld.Reseller.InPayout)).ShouldBe(-1182);
        foreach (var payout in payouts)
            (await world.ReadAsync(db => db.CoveredJournals.Where(c => c.PayoutId == payout.Id).SumAsync(c => c.AmountMinor))).ShouldBe(payout.AmountMinor - payout.CarriedMinor);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Each_line_of_a_payable_account_is_in_one_payout_and_rests_are_carried()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        var forint = Currency.Parse("HUF");
        await PostReleaseAsync(world, "a", new Money(100_050, forint));
        var first = (await RunNextAsync(world)).Payouts.Single();
        await PostReleaseAsync(world, "b", new Money(70, forint));
        var none = await RunNextAsync(world);
        await PostReleaseAsync(world, "c", new Money(50_000, forint));
        var second = (await RunNextAsync(world)).Payouts.Single();

        (first.AmountMinor, first.CarriedMinor).ShouldBe((100_000, 0));
        none.Skipped.Single().ShouldBe(new SkippedPayout(LedgerWorld.Reseller, forint, 120, PayoutSkip.BelowMinimum));
        (second.AmountMinor, second.CarriedMinor).ShouldBe((50_100, 100_050));
        // What it covers: what was released since, and what the first one took.
        (await world.ReadAsync(db => db.CoveredJournals.Where(c => c.PayoutId == second.Id).Select(c => c.AmountMinor).ToListAsync())).ShouldBe([70L, 50_000L, -100_000L], ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_taken_back_after_the_cut_off_is_not_paid_and_a_debt_is_carried()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await PayableAsync(world, "pay_1");
        await world.ReverseAsync("pay_1", "re_1", 4900);
        world.Clock.Advance(TimeSpan.FromDays(1));
        (await world.RunPayoutsAsync()).Payouts.ShouldBeEmpty();

        await PayableAsync(world, "pay_2");
        await world.RunPayoutsAsync();
        await world.ReverseAsync("pay_2", "re_2", 4900);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, -1182));
        await PayableAsync(world, "pay_3");
        var run = await world.RunPayoutsAsync();

        run.Payouts.ShouldBeEmpty();
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0), "the third sale has paid the debt");
    }

    [Fact]
    public async Task A_run_that_comes_late_does_not_pay_twice()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await PayableAsync(world, "pay_1");
        var late = PayoutRuns.LastCutOff(world.Clock.GetUtcNow());
        world.Clock.Advance(TimeSpan.FromDays(40));

        (await world.RunPayoutsAsync(late)).Payouts.Count.ShouldBe(2);
        (await world.RunPayoutsAsync()).Payouts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PayoutSkip.Frozen)]
    [InlineData(PayoutSkip.NoDestination)]
    [InlineData(PayoutSkip.NoProfile)]
    public async Task A_party_that_cannot_be_paid_keeps_its_balance_and_the_reason_is_said(PayoutSkip reason)
    {
        await using var world = await LedgerWorld.StartAsync(postgres);
        await world.SaveAsync(db =>
        {
            db.ShareContracts.Add(world.Contract(LedgerWorld.Reseller, ShareBasis.NetOfFees, 250_000));
            if (reason == PayoutSkip.NoProfile)
                return;
            var profile = LedgerWorld.Profile(LedgerWorld.Reseller, reason == PayoutSkip.NoDestination ? "" : "DE00");
            if (reason == PayoutSkip.Frozen)
                profile.Freeze("a letter from a court", LedgerWorld.Start);
            db.Parties.Add(profile);
        });
        await PayableAsync(world, "pay_1");

        var run = await world.RunPayoutsAsync();

        run.Payouts.ShouldBeEmpty();
        run.Skipped.Single().Reason.ShouldBe(reason);
        (await world.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(1182);
    }

    [Fact]
    public async Task A_large_payout_needs_somebody_else()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        world.Options.SecondPersonAboveMinor = 1181;
        await PayableAsync(world, "pay_1");
        var payouts = (await world.RunPayoutsAsync()).Payouts;

        payouts.Single(p => p.AmountMinor == 980).State.ShouldBe(PayoutState.Approved);
        var large = payouts.Single(p => p.AmountMinor == 1182);
        large.State.ShouldBe(PayoutState.PendingApproval);
        Should.Throw<InvalidOperationException>(() => large.Approve(LedgerWorld.Anna.Id, LedgerWorld.Start));
        large.Approve("usr_bert", LedgerWorld.Start);
        large.State.ShouldBe(PayoutState.Approved);
    }

    [Fact]
    public async Task Nothing_is_sent_soon_after_the_destination_has_changed_nor_to_one_that_has_changed_since()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        var rail = new RecordingRail(PayoutRail.StripeTransfer);
        await PayableAsync(world, "pay_1");
        await MoveAsync(world, "DE99 fresh");
        var fresh = (await world.RunPayoutsAsync()).Payouts.Single(p => p.PartyKind == PartyKind.Reseller);
        fresh.NotBefore.ShouldBe(world.Clock.GetUtcNow() + world.Options.CoolingOffFor);
        (await SendAsync(world, rail)).ShouldBe(1);
        world.Clock.Advance(world.Options.CoolingOffFor);

        await MoveAsync(world, "DE77 fresher");
        (await SendAsync(world, rail)).ShouldBe(0);
        await world.RunAsync(async db => await db.CancelPayoutAsync((await db.LockPayoutAsync(fresh.Id, CancellationToken.None))!, "moved", LedgerWorld.By, world.Clock, CancellationToken.None));

        rail.Transfers.Keys.ShouldNotContain(fresh.Id);
        (await world.BalanceAsync(LedgerWorld.Reseller)).Payable.ShouldBe(1182);
    }

    [Fact]
    public async Task A_payout_that_fails_or_comes_back_is_payable_again_and_the_next_run_pays_it()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        var rail = new RecordingRail(PayoutRail.StripeTransfer) { Answer = new Transfer(TransferState.Refused, Reason: "no such account") };
        await PayableAsync(world, "pay_1");
        await world.RunPayoutsAsync();
        await SendAsync(world, rail);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 1182));
        (await world.SumAsync(AccountCode.Bank)).ShouldBe(0);

        rail.Answer = new Transfer(TransferState.Arrived, "t_2");
        var second = (await RunNextAsync(world)).Payouts.Single(p => p.PartyKind == PartyKind.Reseller);
        await SendAsync(world, rail);
        (await world.SumAsync(AccountCode.Bank)).ShouldBe(-1182 - 980);
        await world.RunAsync(async db => await db.FailPayoutAsync((await db.LockPayoutAsync(second.Id, CancellationToken.None))!, "returned", AccountCode.Bank, LedgerWorld.By, world.Clock, CancellationToken.None));

        (await world.SumAsync(AccountCode.Bank)).ShouldBe(-980);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 1182));
        (await RunNextAsync(world)).Payouts.Single().AmountMinor.ShouldBe(1182);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_debt_is_clawed_back_or_written_off()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await PayableAsync(world, "pay_1");
        await world.RunPayoutsAsync();
        await world.ReverseAsync("pay_1", "re_1", 4900);

        (await world.RunAsync(db => db.LockDebtAsync(LedgerWorld.Reseller, Currency.Usd, null, CancellationToken.None))).Minor.ShouldBe(1182);
        (await world.RunAsync(db => db.LockDebtAsync(LedgerWorld.Reseller, Currency.Usd, world.Clock.GetUtcNow(), CancellationToken.None))).Minor.ShouldBe(0);
        foreach (var again in (bool[])[true, false])
            (await world.RunAsync(db => db.ClawBackAsync(LedgerWorld.Reseller, new Money(1000, Currency.Usd), AccountCode.Bank, "ref 1", LedgerWorld.By, world.Clock, CancellationToken.None))).IsNew.ShouldBe(again);
        await world.RunAsync(db => db.WriteOffDebtAsync(LedgerWorld.Reseller, new Money(182, Currency.Usd), "gone", LedgerWorld.By, world.Clock, CancellationToken.None));

        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0));
        (await world.SumAsync(AccountCode.BadDebt)).ShouldBe(182);
    }

    [Theory]
    [InlineData("UPDATE payouts SET amount_minor = 1", "never changes")]
    [InlineData("UPDATE payouts SET destination = 'mine'", "never changes")]
    [InlineData("DELETE FROM payouts", "append-only")]
    [InlineData("DELETE FROM covered_journals", "append-only")]
    [InlineData("UPDATE covered_journals SET amount_minor = 1", "append-only")]
    [InlineData("TRUNCATE payouts CASCADE", "append-only")]
    [InlineData("TRUNCATE parties CASCADE", "append-only")]
    [InlineData("DELETE FROM parties", "append-only")]
    public async Task Nobody_changes_what_a_payout_is_about(string sql, string reason)
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await PayableAsync(world, "pay_1");
        await world.RunPayoutsAsync();
        await Refusals.ShouldBeRefusedToAllAsync(world.Database, sql, reason);
    }

    [Fact]
    public void The_list_for_the_bank_holds_no_formula()
    {
        var payout = new Payout
        {
            Id = new PayoutId(Guid.Empty),
            PartyKind = PartyKind.Reseller,
            PartyId = "org_r",
            Currency = "USD",
            AmountMinor = 1182,
            CutOff = LedgerWorld.Start,
            CarriedMinor = 0,
            Rail = PayoutRail.Manual,
            Destination = "DE00, 1",
            NeedsSecondPerson = false,
            CreatedBy = "x",
            CreatedAt = LedgerWorld.Start,
        };
        TransferList.Write([payout], new Dictionary<Party, string> { [LedgerWorld.Reseller] = "=cmd" }).Split("\r\n")[1]
            .ShouldBe("pyo_00000000000000000000000000,reseller:org_r,'=cmd,\"DE00, 1\",USD,1182,11.82,\"Shares until 2026-03-05, pyo_00000000000000000000000000\"");
    }

    /// <summary>Sold, held for its time, released, and the next 15th has come.</summary>
    static async Task PayableAsync(LedgerWorld world, string payment)
    {
        await world.AccrueAsync(payment);
        world.Clock.Advance(TimeSpan.FromDays(30));
        await world.ReleaseAsync();
        ToNextRun(world);
    }

    static void ToNextRun(LedgerWorld world) => world.Clock.SetUtcNow(PayoutRuns.LastCutOff(world.Clock.GetUtcNow()).AddMonths(1));

    static Task<PayoutRun> RunNextAsync(LedgerWorld world)
    {
        world.Clock.Advance(TimeSpan.FromHours(1));
        ToNextRun(world);
        return world.RunPayoutsAsync();
    }

    static Task<PostedJournal> PostReleaseAsync(LedgerWorld world, string id, Money amount)
    {
        world.Clock.Advance(TimeSpan.FromHours(1));
        var draft = JournalDraft.Of(new("share", id, LedgerWorld.Start), JournalKind.Release, new Line(LedgerWorld.Reseller.Held, amount), new Line(LedgerWorld.Reseller.Payable, -amount));
        return world.RunAsync(db => db.PostAsync(draft, LedgerWorld.By, world.Clock, CancellationToken.None));
    }

    static Task<int> MoveAsync(LedgerWorld world, string destination) => world.RunAsync(async db =>
    {
        (await db.Parties.SingleAsync(p => p.Kind == PartyKind.Reseller)).MoveTo(PayoutRail.StripeTransfer, destination, world.Clock.GetUtcNow());
        return 0;
    }, world.Api);

    static async Task<int> SendAsync(LedgerWorld world, RecordingRail rail)
    {
        await using var fleet = world.Process.Fleet();
        return await fleet.Db.SendDuePayoutsAsync([rail], Actor.System("test"), LedgerWorld.By, world.Clock, CancellationToken.None);
    }
}
