using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Core.Ledger.Statements;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Tests.Ledger;

public sealed class StatementTests(PostgresFixture postgres)
{
    static readonly DateTimeOffset start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly DateOnly april = new(2026, 4, 1);
    static readonly Party reseller = new(PartyKind.Reseller, "org_r");
    static readonly PostedBy by = new("test", "manual", LedgerMode.Live);
    readonly FakeTimeProvider clock = new(start);
    readonly ContractId contract = new(Guid.NewGuid());

    [Fact]
    public async Task A_month_opens_where_the_last_one_closed_and_late_items_are_named()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await using var fleet = process.Fleet();
        await PlayAsync(fleet.Db);

        var march = await fleet.Db.ReadStatementAsync(reseller, Currency.Usd, april.AddMonths(-1), CancellationToken.None);
        var statement = await fleet.Db.ReadStatementAsync(reseller, Currency.Usd, april, CancellationToken.None);

        march.Opening.ShouldBe(default);
        march.Lines.ShouldHaveSingleItem().Contracts.ShouldBe([contract]);
        statement.Opening.ShouldBe(march.Closing);
        statement.Opening.ShouldBe(new PartyBalance(1182, 0, 0));
        statement.Lines.Select(l => (l.Kind, l.IsPriorPeriod, l.Change)).ShouldBe(
        [
            (JournalKind.ShareReversal, true, new PartyBalance(-591, 0, 0)),
            (JournalKind.Release, false, new PartyBalance(-591, 591, 0)),
            (JournalKind.Payout, false, new PartyBalance(0, -591, 591)),
        ]);
        statement.Closing.ShouldBe(new PartyBalance(0, 0, 591));
        (await fleet.Db.ReadStatementAsync(reseller, Currency.Eur, april, CancellationToken.None)).Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_closed_month_reads_the_same_whatever_comes_later()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await using var fleet = process.Fleet();
        await PlayAsync(fleet.Db);
        clock.SetUtcNow(start.AddMonths(2));
        await fleet.Db.CloseMonthAsync(april, Actor.System("test"), clock, CancellationToken.None);
        var before = StatementCsv.Write(await fleet.Db.ReadStatementAsync(reseller, Currency.Usd, april, CancellationToken.None), LedgerMode.Live);

        await fleet.Db.PostAsync(PayoutPostings.PayoutSettled(new("payout", "po_1", start.AddMonths(1)), reseller, AccountCode.Bank, Usd(591)), by, clock, CancellationToken.None);

        var again = await fleet.Db.ReadStatementAsync(reseller, Currency.Usd, april, CancellationToken.None);
        again.IsClosed.ShouldBeTrue();
        StatementCsv.Write(again, LedgerMode.Live).ShouldBe(before);
    }

    [Fact]
    public void Comma_separated_values_hold_no_formula_and_keep_numbers()
    {
        var line = new StatementLine(new JournalId(Guid.Empty), JournalKind.Clawback, "refund", "=cmd|x", start, start, false, [], "say \"no\", -1", new PartyBalance(0, -5, 0));
        var rows = StatementCsv.Write(new PartyStatement(reseller, Currency.Usd, april, true, default, [line]), LedgerMode.Simulated).Split("\r\n");

        rows[0].Split(',').Length.ShouldBe(18);
        rows[1].ShouldBe("opening,,,,,,,,,,USD,0,0,0,0.00,0.00,0.00,simulated");
        rows[2].ShouldBe("change,2026-03-05T12:00:00Z,2026-03-05T12:00:00Z,no,clawback,refund,'=cmd|x,jrn_00000000000000000000000000,,\"say \"\"no\"\", -1\",USD,0,-5,0,0.00,-0.05,0.00,simulated");
        rows[3].ShouldBe("closing,,,,,,,,,,USD,0,-5,0,0.00,-0.05,0.00,simulated");
    }

    async Task PlayAsync(ControlPlane.Core.Data.ControlPlaneDb db)
    {
        var earned = SharePosition.Earned(reseller, Usd(1182));
        await PostAsync(SharePostings.Shares(Source("charge", "ch_1"), new SplitResult(Usd(4728), [new Share(reseller, Usd(1182), [contract])], Usd(3546)))!);
        var refund = Source("refund", "re_1");
        clock.SetUtcNow(start.AddMonths(1));
        await PostAsync(SharePostings.ShareReversal(refund, [earned], 2450, 4900)!);
        clock.Advance(TimeSpan.FromHours(1));
        await PostAsync(SharePostings.Release(Source("charge", "ch_1"), earned.AfterReversal(2450, 4900), 1, 1)!);
        clock.Advance(TimeSpan.FromHours(1));
        await PostAsync(PayoutPostings.Payout(Source("payout", "po_1"), reseller, Usd(591)));

        JournalSource Source(string type, string id) => new(type, id, clock.GetUtcNow());
        Task PostAsync(JournalDraft draft) => db.PostAsync(draft, by, clock, CancellationToken.None);
    }

    static Money Usd(long minor) => new(minor, Currency.Usd);
}
