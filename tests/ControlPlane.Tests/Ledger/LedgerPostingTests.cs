using System.Diagnostics;
using ControlPlane.Core.Audit;
using ControlPlane.Core.Billing;
using ControlPlane.Core.Ids;
using ControlPlane.Core.Ledger;
using ControlPlane.Core.Ledger.Postings;
using ControlPlane.Core.Ledger.Shares;
using ControlPlane.Tests.Core;
using ControlPlane.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ControlPlane.Tests.Ledger;

public sealed class LedgerPostingTests(PostgresFixture postgres)
{
    static readonly DateTimeOffset start = new(2026, 3, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly PostedBy by = new("test", "manual", LedgerMode.Live);
    readonly FakeTimeProvider clock = new(start);

    [Fact]
    public async Task The_same_effect_is_stored_once_however_many_come_with_it_at_a_time()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        var posted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(process, Paid("ch_1", 4900))));

        posted.Count(p => p.IsNew).ShouldBe(1);
        posted.Select(p => p.Id).Distinct().Count().ShouldBe(1);
        await using var fleet = process.Fleet();
        (await fleet.Db.ReadBalancesAsync(null, CancellationToken.None)).Select(b => (b.Code, b.Owner, b.Currency, b.Minor))
            .ShouldBe([("FEE", "", "USD", 172L), ("REV", "", "USD", -4500L), ("STRIPE", "", "USD", 4728L), ("TAX", "", "USD", -400L)], ignoreOrder: true);
    }

    [Fact]
    public async Task The_same_effect_with_another_amount_is_an_error()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await PostAsync(process, Paid("ch_1", 4900));
        (await Should.ThrowAsync<InvalidOperationException>(() => PostAsync(process, Paid("ch_1", 4901)))).Message.ShouldContain("with other lines");
    }

    [Theory]
    [InlineData("INSERT INTO entries SELECT id, 9, (SELECT max(id) FROM ledger_accounts), 'USD', 5 FROM journals", "announced")]
    [InlineData("INSERT INTO entries SELECT id, 8 + sign, (SELECT max(id) FROM ledger_accounts), 'USD', sign FROM journals, unnest(ARRAY[-1, 1]) AS sign", "announced")]
    [InlineData("""
        INSERT INTO journals (id, source_type, source_id, kind, seq, line_count, effective_at, posted_at, contract_version_ids, actor, provider, mode)
            VALUES ('00000000-0000-0000-0000-000000000001', 'x', 'x', 'fx', 1, 2, now(), '2026-03-05', '{}', 'x', 'x', 'live');
        INSERT INTO ledger_accounts (code, party_id, currency, kind) VALUES ('BANK', '', 'JPY', 'asset'), ('BANK', '', 'USD', 'asset');
        INSERT INTO entries SELECT '00000000-0000-0000-0000-000000000001', row_number() OVER (), id, currency, CASE currency WHEN 'USD' THEN -100 ELSE 100 END FROM ledger_accounts WHERE code = 'BANK'
        """, "is off by")]
    public async Task What_does_not_balance_is_refused_at_commit_also_to_the_owner(string sql, string reason)
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await PostAsync(process, Paid("ch_1", 4900));
        (await RefusalAsync(database.Owner, sql)).MessageText.ShouldContain(reason);
    }

    [Theory]
    [InlineData("UPDATE {0} SET currency = currency", "entries")]
    [InlineData("UPDATE {0} SET memo = 'x'", "journals")]
    [InlineData("UPDATE {0} SET code = 'x'", "ledger_accounts")]
    [InlineData("DELETE FROM {0}", "entries")]
    [InlineData("DELETE FROM {0}", "journals")]
    [InlineData("DELETE FROM {0}", "ledger_accounts")]
    [InlineData("TRUNCATE {0} CASCADE", "entries")]
    [InlineData("TRUNCATE {0} CASCADE", "journals")]
    [InlineData("TRUNCATE {0} CASCADE", "ledger_accounts")]
    public async Task Nobody_changes_what_was_posted(string form, string table)
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await PostAsync(process, Paid("ch_1", 4900));
        var sql = form.Replace("{0}", table, StringComparison.Ordinal);
        (await RefusalAsync(database.Api, sql)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(database.Backup, sql)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(database.Owner, sql)).MessageText.ShouldContain("append-only");
        (await RefusalAsync(database.Api, $"ALTER TABLE {table} DISABLE TRIGGER ALL")).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await RefusalAsync(database.Api, "SET session_replication_role = replica")).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_closed_month_takes_nothing_more_and_one_that_is_not_over_stays_open()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        var march = new DateOnly(2026, 3, 1);
        await using var fleet = process.Fleet();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => fleet.Db.CloseMonthAsync(march, Actor.System("test"), clock, CancellationToken.None));
        var late = new FakeTimeProvider(start.AddMonths(1));

        (await fleet.Db.CloseMonthAsync(march, Actor.System("test"), late, CancellationToken.None)).ShouldBeTrue();
        (await fleet.Db.CloseMonthAsync(march, Actor.System("test"), late, CancellationToken.None)).ShouldBeFalse();
        (await Should.ThrowAsync<PostgresException>(() => PostAsync(process, Paid("ch_1", 4900)))).MessageText.ShouldContain("is closed");
        (await fleet.Db.PostAsync(Paid("ch_1", 4900), by, late, CancellationToken.None)).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task A_contract_can_be_ended_and_followed_but_not_changed_or_overlapped()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Api, clock);
        await using (var fleet = process.Fleet())
        {
            fleet.Db.ShareContracts.Add(Contract(1, start));
            await fleet.Db.SaveChangesAsync();
            fleet.Db.ShareContracts.Add(Contract(2, start.AddDays(5)));
            (await Should.ThrowAsync<DbUpdateException>(() => fleet.Db.SaveChangesAsync())).InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("no_overlap");
        }
        await using (var fleet = process.Fleet())
        {
            await fleet.Db.ShareContracts.ExecuteUpdateAsync(set => set.SetProperty(c => c.ValidTo, start.AddDays(5)));
            fleet.Db.ShareContracts.Add(Contract(2, start.AddDays(5)));
            await fleet.Db.SaveChangesAsync();
        }
        (await RefusalAsync(database.Owner, "UPDATE share_contracts SET rate_ppm = 1")).MessageText.ShouldContain("new version");
    }

    [Fact]
    public async Task A_customers_connection_sees_no_journal()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await PostAsync(process, Paid("ch_1", 4900));
        await using var api = new ControlPlaneScope(database.Api, clock);
        var (scope, db) = api.Enter(await api.AddOrganizationAsync());
        await using (scope)
            (await db.Journals.CountAsync()).ShouldBe(0);
        await using var fleet = api.Fleet();
        (await fleet.Db.Journals.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Hledger_accepts_the_export_and_notices_a_cent()
    {
        if (!File.Exists("/usr/bin/hledger"))
            Assert.Skip("hledger is not installed: NOTHING of the export was checked by it");
        await using var database = await postgres.CreateDatabaseAsync();
        await using var process = new ControlPlaneScope(database.Backup, clock);
        await PostAsync(process, Paid("ch_1", 4900));
        await PostAsync(process, PayoutPostings.Converted(new("conversion", "c; 1", start), AccountCode.Bank, new(100, Currency.Usd), new(15_000, Currency.Jpy)));
        await PostAsync(process, PayoutPostings.Payout(new("payout", "po_1", start), new(PartyKind.Reseller, "org_r"), new(980, Currency.Usd)));
        await using var fleet = process.Fleet();
        await using var text = new StringWriter();
        await HledgerExport.WriteAsync(fleet.Db, text, CancellationToken.None);

        (await CheckAsync(text.ToString())).ShouldBe((0, ""));
        (await CheckAsync(text.ToString().Replace("47.28", "47.29", StringComparison.Ordinal))).Code.ShouldNotBe(0);
    }

    static JournalDraft Paid(string charge, long cash) => CustomerPostings.Payment(
        new("charge", charge, start), AccountCode.Stripe, "org_c", new(cash, Currency.Usd), new(400, Currency.Usd), new(172, Currency.Usd), Money.Zero(Currency.Usd));

    ShareContract Contract(int version, DateTimeOffset from) => new()
    {
        Id = ContractId.New(clock),
        PartyKind = PartyKind.Reseller,
        PartyId = "org_r",
        Version = version,
        Scope = ShareScope.All,
        Basis = ShareBasis.NetOfFees,
        RatePpm = 250_000,
        ValidFrom = from,
        ApprovedBy = "usr_o",
        CreatedAt = start,
    };

    async Task<PostedJournal> PostAsync(ControlPlaneScope process, JournalDraft draft)
    {
        await using var fleet = process.Fleet();
        return await fleet.Db.PostAsync(draft, by, clock, CancellationToken.None);
    }

    static async Task<PostgresException> RefusalAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }

    static async Task<(int Code, string Error)> CheckAsync(string journal)
    {
        using var hledger = Process.Start(new ProcessStartInfo("/usr/bin/hledger", ["-f", "-", "check", "--strict"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await hledger.StandardInput.WriteAsync(journal);
        hledger.StandardInput.Close();
        var error = await hledger.StandardError.ReadToEndAsync();
        await hledger.WaitForExitAsync();
        return (hledger.ExitCode, error);
    }
}
