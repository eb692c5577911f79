using ControlPlane.Core.Billing;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ControlPlane.Tests.Ledger;

public sealed class ShareAccrualTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_payment_is_divided_once_however_many_come_with_it_at_a_time()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);

        var accrued = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.AccrueAsync("pay_1")));

        accrued.ShouldAllBe(a => a.Count == 2);
        accrued.SelectMany(a => a).Select(a => a.Id).Distinct().Count().ShouldBe(2);
        (await world.BalanceAsync(LedgerWorld.Vendor)).ShouldBe((980, 0));
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((1182, 0));
        var reseller = accrued[0].Single(a => a.PartyKind == PartyKind.Reseller);
        reseller.ShouldSatisfyAllConditions(
            a => a.HoldUntil.ShouldBe(LedgerWorld.Start.AddDays(30)), a => a.NextReleaseAt.ShouldBe(a.HoldUntil), a => a.SaleMinor.ShouldBe(4900), a => a.Parts.Single().ShareMinor.ShouldBe(1182));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Nobody_gets_anything_without_a_contract_and_nothing_outside_a_transaction()
    {
        await using var world = await LedgerWorld.StartAsync(postgres);
        (await world.AccrueAsync("pay_1")).ShouldBeEmpty();
        await Should.ThrowAsync<InvalidOperationException>(() => world.ReadAsync(async db =>
        {
            await db.FreezeSharesAsync("pay_1", world.Clock, CancellationToken.None);
            return 0;
        }));
    }

    [Fact]
    public async Task Refunds_take_back_from_held_and_a_failed_one_gives_back()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");

        await world.ReverseAsync("pay_1", "re_1", 2450);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((591, 0));
        await world.ReverseAsync("pay_1", "re_2", 4900);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0));
        await world.ReverseAsync("pay_1", "re_1", 2450);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0), "an event that comes again has no effect of its own");
        await world.ReverseAsync("pay_1", "re_2", 2450, seq: 2);

        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((591, 0));
        (await world.BalanceAsync(LedgerWorld.Vendor)).ShouldBe((490, 0));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_refund_after_the_release_leaves_a_debt_and_its_failure_ends_it()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");
        world.Clock.Advance(TimeSpan.FromDays(30));
        (await world.ReleaseAsync()).ShouldBe(2);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 1182));
        await world.ReverseAsync("pay_1", "re_1", 4900);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 0));
        await world.ReverseAsync("pay_1", "re_1", 0, seq: 2);

        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 1182));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task What_a_failed_refund_gives_back_after_the_last_release_is_released_too()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");
        await world.ReverseAsync("pay_1", "re_1", 2450);
        world.Clock.Advance(TimeSpan.FromDays(30));
        await world.ReleaseAsync();
        await world.ReverseAsync("pay_1", "re_1", 0, seq: 2);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((591, 591));

        await world.ReleaseAsync();

        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 1182));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Fees_are_borne_by_those_whose_contracts_say_so()
    {
        await using var world = await LedgerWorld.StartAsync(postgres);
        await world.SaveAsync(db => db.ShareContracts.AddRange(
            world.Contract(LedgerWorld.Vendor, ShareBasis.GrossExTax, 200_000, disputeFee: DisputeFeeRule.Party),
            world.Contract(LedgerWorld.Reseller, ShareBasis.NetOfFees, 250_000, refundFee: RefundFeeRule.Shared, disputeFee: DisputeFeeRule.Party)));
        await world.AccrueAsync("pay_1");

        await world.ReverseAsync("pay_1", "re_1", 2450);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((591, -22));
        await world.ReverseAsync("pay_1", "re_2", 4900);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, -43), "a quarter of 1.72");
        await world.ReverseAsync("pay_1", "re_2", 0, seq: 2);
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((1182, 0));
        await world.RunAsync(db => db.ChargeDisputeFeeAsync("pay_1", new JournalSource("dispute", "dp_1", LedgerWorld.Start, 1, "pay_1"), new Money(1500, Currency.Usd), LedgerWorld.By, world.Clock, CancellationToken.None));

        (await world.SumAsync(AccountCode.DisputeFee)).ShouldBe(-1500);
        (await world.BalanceAsync(LedgerWorld.Vendor)).ShouldBe((980, -680));
        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((1182, -820));
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Nothing_is_released_while_a_dispute_is_open()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");
        await world.RunAsync(db => db.FreezeSharesAsync("pay_1", world.Clock, CancellationToken.None));
        world.Clock.Advance(TimeSpan.FromDays(40));
        (await world.ReleaseAsync()).ShouldBe(0);

        await world.RunAsync(db => db.UnfreezeSharesAsync("pay_1", CancellationToken.None));

        (await world.ReleaseAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_yearly_payment_is_released_in_twelve_parts_after_the_hold_and_a_run_that_missed_some_catches_up()
    {
        await using var world = await LedgerWorld.StartAsync(postgres);
        await world.SaveAsync(db => db.ShareContracts.Add(world.Contract(LedgerWorld.Reseller, ShareBasis.GrossExTax, 100_000, ShareRelease.Monthly)));
        await world.AccrueAsync("pay_1", price: 10_000, months: 12);
        var payable = new List<long>();
        for (var day = 0; day < 370; day++)
        {
            // The scheduler is down in summer.
            if (day is < 80 or > 200 && await world.ReleaseAsync() > 0)
                payable.Add((await world.BalanceAsync(LedgerWorld.Reseller)).Payable);
            world.Clock.Advance(TimeSpan.FromDays(1));
        }

        // The 6 months from April to September come with the first run after the pause; the hold ends before the first month does.
        payable.ShouldBe([83, 166, 500, 583, 666, 750, 833, 916, 1000]);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Several_runs_at_a_time_release_everything_once()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        for (var i = 0; i < 30; i++)
            await world.AccrueAsync($"pay_{i}");
        world.Clock.Advance(TimeSpan.FromDays(30));

        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.ReleaseAsync()))).Sum().ShouldBe(60);

        (await world.BalanceAsync(LedgerWorld.Reseller)).ShouldBe((0, 30 * 1182));
        (await world.ReleaseAsync()).ShouldBe(0);
        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task A_difference_between_accruals_and_journals_is_found()
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");
        await using var connection = new NpgsqlConnection(world.Database.Backup);
        await connection.OpenAsync();
        await using (var command = new NpgsqlCommand("UPDATE share_accruals SET released_minor = 5 WHERE party_kind = 'reseller'", connection))
            await command.ExecuteNonQueryAsync();

        (await world.ReadAsync(db => db.FindDisagreementsAsync(10, CancellationToken.None))).ShouldBe([new AccrualDisagreement("pay_1", "org_r", "released", 5, 0)]);
    }

    [Theory]
    [InlineData("UPDATE share_accruals SET share_minor = 1", "never changes")]
    [InlineData("DELETE FROM accrued_parts", "append-only")]
    [InlineData("UPDATE accrued_parts SET share_minor = 1", "append-only")]
    [InlineData("DELETE FROM share_accruals", "append-only")]
    [InlineData("TRUNCATE share_accruals, accrued_parts", "append-only")]
    public async Task Nobody_changes_what_was_earned(string sql, string reason)
    {
        await using var world = await LedgerWorld.WithPartiesAsync(postgres);
        await world.AccrueAsync("pay_1");
        await Refusals.ShouldBeRefusedToAllAsync(world.Database, sql, reason);
    }
}

static class Refusals
{
    /// <summary>To the processes by their rights or by the database's rules, and to the owner by the rules.</summary>
    internal static async Task ShouldBeRefusedToAllAsync(TestDatabase database, string sql, string reason)
    {
        (await RefusalAsync(database.Owner, sql)).MessageText.ShouldContain(reason);
        foreach (var process in (string[])[database.Api, database.Backup])
        {
            var refusal = await RefusalAsync(process, "SELECT set_config('app.fleet', 'on', false); " + sql);
            (refusal.SqlState == PostgresErrorCodes.InsufficientPrivilege || refusal.MessageText.Contains(reason, StringComparison.Ordinal)).ShouldBeTrue(refusal.MessageText);
        }
    }

    static async Task<PostgresException> RefusalAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(), sql);
    }
}
